using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Model.Validation;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portal.Model.Documents;

/// <summary>Reads YAML event by event, so that types, digits and positions are those of the text.</summary>
internal sealed partial class YamlTextReader
{
    [GeneratedRegex("\r\n|[\r\n\u0085\u2028\u2029]")]
    private static partial Regex LineBreak();

    private readonly List<Finding> findings = [];
    /// <summary>Lines of a text that holds tabs; they are looked at for nothing else.</summary>
    private string[] lines = [];

    public TextReadResult Read(string text)
    {
        if (text.Length > Yaml.MostCharacters)
            return Refuse("too-large", 1, 1, string.Create(CultureInfo.InvariantCulture, $"The text has {text.Length} characters; at most {Yaml.MostCharacters} are read."), "Split it into several files.");
        text = text.TrimStart('\ufeff');
        lines = text.Contains('\t', StringComparison.Ordinal) ? LineBreak().Split(text) : [];
        var documents = new List<TextDocument>();
        var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        try
        {
            parser.Consume<StreamStart>();
            while (!parser.Accept<StreamEnd>(out _))
            {
                if (ReadDocument(parser) is { } document)
                    documents.Add(document);
            }
        }
        catch (RefusedException refused)
        {
            return new TextReadResult([], [.. findings, refused.Finding]);
        }
        catch (YamlException error)
        {
            return new TextReadResult([], [.. findings, SyntaxError(error.Message, error.Start)]);
        }
        catch (InvalidOperationException)
        {
            // So the parser ends on some texts that break off inside brackets.
            return new TextReadResult([], [.. findings, SyntaxError("something is missing after this", parser.Current?.Start ?? Mark.Empty)]);
        }
        return new TextReadResult(findings.Count > 0 ? [] : documents, findings);
    }

    private TextDocument? ReadDocument(Parser parser)
    {
        parser.Consume<DocumentStart>();
        var positions = new TextPositions();
        var start = parser.Current!.Start;
        var isEmpty = parser.Accept<Scalar>(out var scalar) && scalar is { Style: ScalarStyle.Plain, Value: "" };
        var node = ReadNode(parser, "", 0, positions);
        parser.Consume<DocumentEnd>();
        if (isEmpty)
            return null;
        if (node is JsonObject root)
            return new TextDocument(root, positions);
        findings.Add(At(Finding.Error("not-an-object", "", "The document must be an object with members.", "Write for example apiVersion: " + Resource.ApiVersion + "."), start));
        return null;
    }

    private JsonNode? ReadNode(Parser parser, string path, int depth, TextPositions positions)
    {
        var at = parser.Current!.Start;
        positions.Add(path, (int)at.Line, (int)at.Column);
        if (depth > JsonText.MostDepth)
            throw new RefusedException(At(Finding.Error("too-deep", path, string.Create(CultureInfo.InvariantCulture, $"The text is nested more than {JsonText.MostDepth} deep."), "Write it flatter."), at));
        if (parser.TryConsume<AnchorAlias>(out var alias))
            throw new RefusedException(At(Finding.Error("yaml-alias", path, $"The alias *{alias.Value} is not taken.", "Write the value itself."), at));
        if (parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored)
            throw new RefusedException(At(Finding.Error("yaml-anchor", path, $"The anchor &{anchored.Anchor} is not taken.", "Write the value wherever it is needed."), at));
        if (parser.Current is NodeEvent { Tag.IsEmpty: false } tagged)
            throw new RefusedException(At(Finding.Error("yaml-tag", path, $"The tag {tagged.Tag} is not taken.", "Write a text in quotes, a number without."), at));
        if (parser.TryConsume<MappingStart>(out var mapping))
            return ReadMembers(parser, path, depth, positions, mapping.Style is MappingStyle.Block);
        if (parser.TryConsume<SequenceStart>(out _))
            return ReadItems(parser, path, depth, positions);
        return ReadScalar(parser.Consume<Scalar>(), path);
    }

    private JsonObject ReadMembers(Parser parser, string path, int depth, TextPositions positions, bool isBlock)
    {
        var members = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current!.Start;
            if (parser.Current is not Scalar)
                throw new RefusedException(At(Finding.Error("yaml-key", path, "The name of a member must be a text.", "Write name: value."), at));
            if (isBlock && FindTab((int)at.Line, (int)at.Column - 1) is { } tab)
                throw new RefusedException(tab);
            positions.Add(Below(path, ((Scalar)parser.Current).Value), (int)at.Line, (int)at.Column);
            // Reading the name as a node refuses anchors, aliases and tags on it.
            ReadNameEvent(parser, path, depth, out var name);
            if (name == "<<")
                throw new RefusedException(At(Finding.Error("yaml-merge", path, "The merge key << is not taken.", "Write the members themselves."), at));
            var value = ReadNode(parser, Below(path, name), depth + 1, positions);
            if (!members.TryAdd(name, value))
                findings.Add(At(Finding.Error("duplicate-member", Below(path, name), $"The member '{name}' stands twice.", "Remove one of them."), at));
        }
        return members;
    }

    private void ReadNameEvent(Parser parser, string path, int depth, out string name)
    {
        name = ((Scalar)parser.Current!).Value;
        ReadNode(parser, path, depth, new TextPositions());
    }

    private JsonArray ReadItems(Parser parser, string path, int depth, TextPositions positions)
    {
        var items = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(ReadNode(parser, string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]"), depth + 1, positions));
        return items;
    }

    private JsonNode? ReadScalar(Scalar scalar, string path)
    {
        if (scalar.Style is not ScalarStyle.Plain)
            return JsonValue.Create(scalar.Value);
        if (!YamlScalar.TryResolve(scalar.Value, out var node))
            findings.Add(At(Finding.Error("not-a-number", path, $"'{scalar.Value}' is no number that JSON can hold.", "Write a finite number, or the text in quotes."), scalar.Start));
        return node;
    }

    private static string Below(string path, string name) => path.Length == 0 ? name : path + "." + name;

    private static Finding At(Finding finding, Mark at) => finding with { Line = (int)at.Line, Column = (int)at.Column };

    private Finding SyntaxError(string message, Mark at)
    {
        var line = Math.Max((int)at.Line, 1);
        // The parser points at the member that the line with the tab belongs to, or at the line itself.
        if ((FindTab(line, int.MaxValue) ?? FindTab(line + 1, int.MaxValue)) is { } tab)
            return tab;
        return At(Finding.Error("yaml-syntax", "", $"The YAML cannot be read here: {Sentence(message)}", "Check the indentation, colons and quotes of this line and the one above."), at);
    }

    /// <summary>A tab among the blanks that a line starts with, before a column.</summary>
    private Finding? FindTab(int line, int before)
    {
        if (line > lines.Length)
            return null;
        var start = lines[line - 1].AsSpan(0, Math.Min(before, lines[line - 1].Length));
        var tab = start[..(start.Length - start.TrimStart().Length)].IndexOf('\t');
        return tab < 0 ? null : Finding.Error("yaml-tab", "", "A tab stands in the indentation.", "Indent with spaces, two a level.") with { Line = line, Column = tab + 1 };
    }

    private static string Sentence(string message) => message.TrimEnd().EndsWith('.') ? message.TrimEnd() : message.TrimEnd() + ".";

    private static TextReadResult Refuse(string code, int line, int column, string message, string fix) =>
        new([], [Finding.Error(code, "", message, fix) with { Line = line, Column = column }]);

    /// <summary>Ends reading at the first thing after which the rest of the text means nothing.</summary>
    private sealed class RefusedException(Finding finding) : Exception(finding.Message)
    {
        public Finding Finding { get; } = finding;
    }
}
