using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Model.Documents.Import;
using Portal.Model.Validation;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Portal.Model.Documents;

/// <summary>
/// Reads YAML event by event, so that types, digits and positions are those of the text. Strict; with a budget lenient: aliases, merge
/// keys and core tags are taken, and a document with errors is given as far as it could be read.
/// </summary>
/// <param name="budget">What the lenient reading of the whole text may still make; null = strict.</param>
/// <param name="linesBefore">Lines of the whole text before this part of it.</param>
internal sealed partial class YamlTextReader(ReadingBudget? budget = null, int linesBefore = 0)
{
    [GeneratedRegex("\r\n|[\r\n\u0085\u2028\u2029]")]
    internal static partial Regex LineBreak();

    private readonly List<Finding> findings = [];
    private readonly YamlAliases aliases = new(budget);

    /// <summary>Lines of a text that holds tabs; they are looked at for nothing else.</summary>
    private string[] lines = [];

    public TextReadResult Read(string text)
    {
        if (budget is null && text.Length > Yaml.MostCharacters)
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
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // So the parser ends on some texts that break off inside brackets, and on version numbers beyond its integers.
            return new TextReadResult([], [.. findings, SyntaxError("something is missing after this", parser.Current?.Start ?? Mark.Empty)]);
        }
        return new TextReadResult(findings.Count > 0 && budget is null ? [] : documents, findings);
    }

    private TextDocument? ReadDocument(Parser parser)
    {
        parser.Consume<DocumentStart>();
        aliases.Clear();
        var start = parser.Current!.Start;
        var position = new TextPosition(LineOf(start), (int)start.Column);
        var isEmpty = parser.Accept<Scalar>(out var scalar) && scalar is { Style: ScalarStyle.Plain, Value: "" };
        var node = ReadNode(parser, TextPath.Root, 0, position);
        parser.Consume<DocumentEnd>();
        if (isEmpty)
            return null;
        if (node is JsonObject root)
        {
            if (aliases.Note is { } note)
                Add(note);
            return new TextDocument(root, new TextPositions(position));
        }
        Add(At(Finding.Error("not-an-object", "", "The document must be an object with members.", "Write for example apiVersion: " + Resource.ApiVersion + "."), start));
        return null;
    }

    private JsonNode? ReadNode(Parser parser, TextPath path, int depth, TextPosition position)
    {
        var at = parser.Current!.Start;
        CheckDepth(path, depth, at);
        budget?.Take(1, LineOf(at), (int)at.Column);
        if (parser.TryConsume<AnchorAlias>(out var alias))
            return aliases.Find(alias.Value.Value, depth, LineOf(at), (int)at.Column, out var copy)
                ? copy
                : throw new RefusedException(At(Finding.Error("yaml-alias", path.ToString(), budget is null ? $"The alias *{alias.Value} is not taken." : $"The alias {Shown(path, "*" + alias.Value)} stands for nothing above it.", "Write the value itself."), at));
        var anchor = parser.Current is NodeEvent { Anchor.IsEmpty: false } anchored ? anchored.Anchor.Value : null;
        if (anchor is not null && budget is null)
            throw new RefusedException(At(Finding.Error("yaml-anchor", path.ToString(), $"The anchor &{anchor} is not taken.", "Write the value wherever it is needed."), at));
        if (parser.Current is NodeEvent { Tag.IsEmpty: false } tagged && (budget is null || !YamlAliases.IsCoreTag(tagged)))
            throw new RefusedException(At(Finding.Error("yaml-tag", path.ToString(), $"The tag {Shown(path, tagged.Tag.ToString())} is not taken.", "Write a text in quotes, a number without."), at));
        JsonNode? node;
        if (parser.TryConsume<MappingStart>(out var mapping))
            node = ReadMembers(parser, path, depth, position, mapping.Style is MappingStyle.Block);
        else if (parser.TryConsume<SequenceStart>(out _))
            node = ReadItems(parser, path, depth, position);
        else
            node = ReadScalar(parser.Consume<Scalar>(), path);
        if (anchor is not null)
            aliases.Keep(anchor, node);
        return node;
    }

    private void CheckDepth(TextPath path, int depth, Mark at)
    {
        if (depth <= JsonText.MostDepth)
            return;
        if (budget is not null)
            ReadingBudget.CheckDepth(depth, LineOf(at), (int)at.Column);
        throw new RefusedException(At(Finding.Error("too-deep", path.ToString(), string.Create(CultureInfo.InvariantCulture, $"The text is nested more than {JsonText.MostDepth} deep."), "Write it flatter."), at));
    }

    private JsonObject ReadMembers(Parser parser, TextPath path, int depth, TextPosition position, bool isBlock)
    {
        var members = new JsonObject();
        var merged = new List<JsonNode?>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var at = parser.Current!.Start;
            if (parser.Current is not Scalar { Value: var name })
                throw new RefusedException(At(Finding.Error("yaml-key", path.ToString(), "The name of a member must be a text.", "Write name: value."), at));
            if (isBlock && FindTab((int)at.Line, (int)at.Column - 1) is { } tab)
                throw new RefusedException(tab);
            if (budget is not null && name.Length > ReadingBudget.MostNameLength)
                throw new RefusedException(At(Finding.Error("name-long", path.ToString(), $"The name of a member has more than {ReadingBudget.MostNameLength} characters.", "Write a shorter name."), at));
            var below = path.Member(name);
            // Reading the name as a node refuses aliases and tags on it.
            ReadName(parser, path, depth);
            if (name == "<<" && budget is null)
                throw new RefusedException(At(Finding.Error("yaml-merge", path.ToString(), "The merge key << is not taken.", "Write the members themselves."), at));
            var value = ReadNode(parser, below, depth + 1, position.Add(name, LineOf(at), (int)at.Column));
            if (name == "<<")
                merged.Add(value);
            else if (!members.TryAdd(name, value))
                Add(At(Twice(below, name, JsonNode.DeepEquals(members[name], value)), at));
        }
        if (!aliases.Merge(members, merged, position.Line, position.Column))
            Add(Finding.Error("yaml-merge", path.ToString(), "The merge key << names something that has no members.", "Name an object, or write the members themselves.") with { Line = position.Line, Column = position.Column });
        return members;
    }

    /// <summary>What is said of a second member of one name: nothing is lost when both say the same.</summary>
    private Finding Twice(TextPath path, string name, bool same) => budget is not null && same
        ? Finding.Warning("duplicate-member", path.ToString(), $"The member '{Shorten(name)}' stands twice with the same value; one is kept.", "Remove one of them.")
        : Finding.Error("duplicate-member", path.ToString(), $"The member '{Shorten(name)}' stands twice.", "Remove one of them.");

    private void ReadName(Parser parser, TextPath path, int depth)
    {
        if (budget is null || parser.Current is NodeEvent { Tag.IsEmpty: false })
            ReadNode(parser, path, depth, new TextPosition(0, 0));
        else if (parser.Consume<Scalar>() is { Anchor.IsEmpty: false } anchored)
            throw new RefusedException(At(Finding.Error("yaml-anchor", path.ToString(), $"The anchor &{anchored.Anchor} on a name is not taken.", "Write the name without it."), anchored.Start));
    }

    private JsonArray ReadItems(Parser parser, TextPath path, int depth, TextPosition position)
    {
        var items = new JsonArray();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            var at = parser.Current!.Start;
            items.Add(ReadNode(parser, path.Item(items.Count), depth + 1, position.AddItem(LineOf(at), (int)at.Column)));
        }
        return items;
    }

    private JsonNode? ReadScalar(Scalar scalar, TextPath path)
    {
        if (!scalar.Tag.IsEmpty && YamlAliases.IsTextTag(scalar))
            return JsonValue.Create(scalar.Value);
        if (scalar.Style is not ScalarStyle.Plain && scalar.Tag.IsEmpty)
            return JsonValue.Create(scalar.Value);
        if (!YamlScalar.TryResolve(scalar.Value, out var node))
            Add(At(Finding.Error("not-a-number", path.ToString(), $"'{scalar.Value}' is no number that JSON can hold.", "Write a finite number, or the text in quotes."), scalar.Start));
        return node;
    }

    private void Add(Finding finding)
    {
        if (budget is null || findings.Count < ReadingBudget.MostFindings)
            findings.Add(finding);
    }

    private int LineOf(Mark at) => (int)at.Line + linesBefore;

    private Finding At(Finding finding, Mark at) => finding with { Line = LineOf(at), Column = (int)at.Column };

    private Finding SyntaxError(string message, Mark at)
    {
        var line = Math.Max((int)at.Line, 1);
        // The parser points at the member that the line with the tab belongs to, or at the line itself.
        if ((FindTab(line, int.MaxValue) ?? FindTab(line + 1, int.MaxValue)) is { } tab)
            return tab;
        return Finding.Error("yaml-syntax", "", $"The YAML cannot be read here: {Sentence(message)}", "Check the indentation, colons and quotes of this line and the one above.") with { Line = line + linesBefore, Column = Math.Max((int)at.Column, 1) };
    }

    /// <summary>A tab among the blanks that a line starts with, before a column.</summary>
    private Finding? FindTab(int line, int before)
    {
        if (line > lines.Length)
            return null;
        var start = lines[line - 1].AsSpan(0, Math.Min(before, lines[line - 1].Length));
        var tab = start[..(start.Length - start.TrimStart().Length)].IndexOf('\t');
        return tab < 0 ? null : Finding.Error("yaml-tab", "", "A tab stands in the indentation.", "Indent with spaces, two a level.") with { Line = line + linesBefore, Column = tab + 1 };
    }

    /// <summary>A text of the document for a finding. A password without quotes may look like an alias or a tag: below a Secret's data nothing is shown.</summary>
    private string Shown(TextPath path, string text) =>
        budget is not null && (path.IsBelow("stringData") || path.IsBelow("data")) ? "here" : Shorten(text);

    private static string Shorten(string name) => name.Length > 100 ? name[..100] + "..." : name;

    private static string Sentence(string message) => message.TrimEnd().EndsWith('.') ? message.TrimEnd() : message.TrimEnd() + ".";

    private static TextReadResult Refuse(string code, int line, int column, string message, string fix) =>
        new([], [Finding.Error(code, "", message, fix) with { Line = line, Column = column }]);

    /// <summary>Ends reading at the first thing after which the rest of the text means nothing.</summary>
    private sealed class RefusedException(Finding finding) : Exception(finding.Message)
    {
        public Finding Finding { get; } = finding;
    }
}
