using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portal.Model.Documents.Editing;

/// <summary>Finds where each value of a YAML document stands. The text was read without findings before.</summary>
internal sealed class YamlSpans
{
    private readonly string text;
    private readonly Parser parser;

    private YamlSpans(string text) => (this.text, parser) = (text, new Parser(new Scanner(new StringReader(text), skipComments: true)));

    /// <summary>The only document; null when it is written in a way that is not edited in place, such as keys behind question marks.</summary>
    public static NodeSpan? Read(string text)
    {
        var spans = new YamlSpans(text);
        spans.parser.Consume<StreamStart>();
        spans.parser.Consume<DocumentStart>();
        return spans.Node(0) as NodeSpan;
    }

    /// <param name="head">Where the value would stand if it is not written.</param>
    private Span? Node(int head)
    {
        if (parser.TryConsume<MappingStart>(out var mapping))
            return Members((int)mapping.Start.Index, mapping.Style is MappingStyle.Flow);
        if (parser.TryConsume<SequenceStart>(out var sequence))
            return Items((int)sequence.Start.Index, sequence.Style is SequenceStyle.Flow);
        return parser.TryConsume<Scalar>(out var scalar) ? Place(scalar, head) : null;
    }

    private NodeSpan? Members(int start, bool isFlow)
    {
        var entries = new List<EntrySpan>();
        while (!parser.Accept<MappingEnd>(out _))
        {
            var name = parser.Consume<Scalar>();
            var head = Skip((int)name.End.Index);
            if (head >= text.Length || text[head] != ':' || Node(head + 1) is not { } value)
                return null;
            entries.Add(new EntrySpan(name.Value, (int)name.Start.Index, head + 1, value));
        }
        return Whole(start, isFlow, false, entries, parser.Consume<MappingEnd>());
    }

    private NodeSpan? Items(int start, bool isFlow)
    {
        var entries = new List<EntrySpan>();
        while (!parser.Accept<SequenceEnd>(out _))
        {
            var head = isFlow ? (int)parser.Current!.Start.Index : Hyphen((int)parser.Current!.Start.Index) + 1;
            if (head == 0 || Node(head) is not { } value)
                return null;
            entries.Add(new EntrySpan("", isFlow ? value.Start : head - 1, head, value));
        }
        return Whole(start, isFlow, true, entries, parser.Consume<SequenceEnd>());
    }

    private static NodeSpan? Whole(int start, bool isFlow, bool isList, List<EntrySpan> entries, ParsingEvent end) =>
        // The parser gives the closing bracket no length.
        isFlow ? new NodeSpan(start, (int)end.Start.Index + 1, true, isList, entries)
        : entries.Count == 0 ? null
        : new NodeSpan(start, entries[^1].Value.End, false, isList, entries);

    private ScalarSpan Place(Scalar scalar, int head)
    {
        var (start, end) = ((int)scalar.Start.Index, (int)scalar.End.Index);
        if (scalar is { Style: ScalarStyle.Plain, Value.Length: 0 })
            return new ScalarSpan(head, head, ScalarLook.Plain);
        var look = scalar.Style switch
        {
            ScalarStyle.SingleQuoted => ScalarLook.SingleQuoted,
            ScalarStyle.DoubleQuoted => ScalarLook.DoubleQuoted,
            ScalarStyle.Literal or ScalarStyle.Folded => ScalarLook.Block,
            _ => ScalarLook.Plain,
        };
        return new ScalarSpan(start, look is ScalarLook.Block ? EndOfBlock(start, end) : start + text.AsSpan(start, end - start).TrimEnd().Length, look);
    }

    /// <summary>Blank lines below a block count only where they are kept; the parser ends in the line behind it.</summary>
    private int EndOfBlock(int start, int end)
    {
        var header = text.AsSpan(start, end - start);
        header = header[..Math.Max(header.IndexOf('\n'), 0)];
        if (!header.Contains('+'))
            return start + text.AsSpan(start, end - start).TrimEnd().Length;
        return Math.Max(text.LastIndexOf('\n', end - 1), start);
    }

    private int Skip(int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
            at++;
        return at;
    }

    /// <summary>The hyphen before an item, with nothing but blanks between; -1 when there is none.</summary>
    private int Hyphen(int at)
    {
        // An item that is not written is reported behind its hyphen.
        for (at = Math.Min(at, text.Length) - 1; at >= 0 && char.IsWhiteSpace(text[at]); at--)
        {
        }
        return at >= 0 && text[at] == '-' ? at : -1;
    }
}
