using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Documents.Import;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>
/// Reads JSON text with the position of every member. Strict: no comments, trailing commas or duplicate members. With a budget lenient:
/// comments, trailing commas, several values one after the other and a list of documents are taken.
/// </summary>
internal static class JsonTextReader
{
    public static TextReadResult Read(string text, ReadingBudget? budget = null)
    {
        if (budget is null && text.Length > Yaml.MostCharacters)
            return new([], [Finding.Error("too-large", "", string.Create(CultureInfo.InvariantCulture, $"The text has {text.Length} characters; at most {Yaml.MostCharacters} are read."), "Split it into several files.") with { Line = 1, Column = 1 }]);
        var bytes = Encoding.UTF8.GetBytes(text.TrimStart('\ufeff'));
        var walk = new JsonWalk(bytes, budget);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions
        {
            MaxDepth = JsonText.MostDepth,
            AllowTrailingCommas = budget is not null,
            AllowMultipleValues = budget is not null,
            CommentHandling = budget is null ? JsonCommentHandling.Disallow : JsonCommentHandling.Allow,
        });
        var documents = new List<TextDocument>();
        try
        {
            while (walk.Next(ref reader))
                walk.Document(ref reader, documents);
            if (documents.Count == 0 && walk.Findings.Count == 0)
                walk.Findings.Add(Finding.Error("empty", "", "The text holds no JSON.", "Write { \"apiVersion\": ... }.") with { Line = 1, Column = 1 });
        }
        catch (JsonException error)
        {
            var (line, column) = walk.PositionOf((int)(error.LineNumber ?? 0), (int)(error.BytePositionInLine ?? 0));
            // The depth of a bracket that opens is that of what is around it.
            var isTooDeep = reader.CurrentDepth + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0) >= JsonText.MostDepth;
            if (isTooDeep && budget is not null)
                ReadingBudget.CheckDepth(JsonText.MostDepth + 1, line, column);
            walk.Findings.Add((isTooDeep
                ? Finding.Error("too-deep", "", string.Create(CultureInfo.InvariantCulture, $"The text is nested more than {JsonText.MostDepth} deep."), "Write it flatter.")
                : Finding.Error("json-syntax", "", $"The JSON cannot be read here: {Reason(error.Message)}", "Check commas, quotes and brackets of this line and the one above.")) with
            {
                Line = line,
                Column = column,
            });
        }
        return new(walk.Findings.Count > 0 && budget is null ? [] : documents, walk.Findings);
    }

    /// <summary>The message without the position that the runtime adds to it.</summary>
    private static string Reason(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}

/// <summary>One way through the tokens of a JSON text.</summary>
internal sealed class JsonWalk(byte[] bytes, ReadingBudget? budget)
{
    private int offset;
    private int line = 1;
    private int column = 1;
    private int tokenEnd;
    private bool afterComma;

    public List<Finding> Findings { get; } = [];

    /// <summary>The next token that is no comment. What strict JSON does not have is noted, once each.</summary>
    public bool Next(ref Utf8JsonReader reader)
    {
        while (reader.Read())
        {
            if (budget is null)
                return true;
            var start = (int)reader.TokenStartIndex;
            afterComma |= bytes.AsSpan(tokenEnd, Math.Max(start - tokenEnd, 0)).Contains((byte)',');
            tokenEnd = (int)reader.BytesConsumed;
            if (reader.TokenType is JsonTokenType.Comment)
                NoteOnce("json-comment", start, "JSON has no comments: they are left out.");
            else
            {
                if (afterComma && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                    NoteOnce("json-trailing-comma", start, "JSON has no comma before a closing bracket: it is left out.");
                afterComma = false;
                return true;
            }
        }
        return false;
    }

    /// <summary>Reads a value at the top of the text.</summary>
    public void Document(ref Utf8JsonReader reader, List<TextDocument> documents)
    {
        var at = PositionOf(reader.TokenStartIndex);
        var position = new TextPosition(at.Line, at.Column);
        var node = Node(ref reader, TextPath.Root, position);
        if (node is JsonArray list && budget is not null)
        {
            var items = list.ToArray();
            list.Clear();
            for (var index = 0; index < items.Length; index++)
                AddDocument(items[index], position.Item(index)!, documents);
        }
        else
            AddDocument(node, position, documents);
    }

    private void AddDocument(JsonNode? node, TextPosition position, List<TextDocument> documents)
    {
        if (node is JsonObject members)
            documents.Add(new TextDocument(members, new TextPositions(position)));
        else
            Add(Finding.Error("not-an-object", "", "The document must be an object with members.", "Write { \"apiVersion\": ... }."), position.Line, position.Column);
    }

    private JsonNode? Node(ref Utf8JsonReader reader, TextPath path, TextPosition position)
    {
        budget?.Take(1, line, column);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Members(ref reader, path, position);
            case JsonTokenType.StartArray:
                var items = new JsonArray();
                while (Next(ref reader) && reader.TokenType is not JsonTokenType.EndArray)
                {
                    var at = PositionOf(reader.TokenStartIndex);
                    items.Add(Node(ref reader, path.Item(items.Count), position.AddItem(at.Line, at.Column)));
                }
                return items;
            case JsonTokenType.String:
                return JsonValue.Create(Text(ref reader, path));
            case JsonTokenType.Number:
                return JsonNode.Parse(reader.ValueSpan);
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(reader.GetBoolean());
            default:
                return null;
        }
    }

    private JsonObject Members(ref Utf8JsonReader reader, TextPath path, TextPosition position)
    {
        var members = new JsonObject();
        while (Next(ref reader) && reader.TokenType is JsonTokenType.PropertyName)
        {
            var at = PositionOf(reader.TokenStartIndex);
            var name = Text(ref reader, path);
            var below = path.Member(name);
            if (budget is not null && name.Length > ReadingBudget.MostNameLength)
                Add(Finding.Error("name-long", path.ToString(), $"The name of a member has more than {ReadingBudget.MostNameLength} characters.", "Write a shorter name."), at.Line, at.Column);
            Next(ref reader);
            var value = Node(ref reader, below, position.Add(name, at.Line, at.Column));
            if (members.TryAdd(name, value))
                continue;
            Add(
                budget is not null && JsonNode.DeepEquals(members[name], value)
                    ? Finding.Warning("duplicate-member", below.ToString(), $"The member '{name}' stands twice with the same value; one is kept.", "Remove one of them.")
                    : Finding.Error("duplicate-member", below.ToString(), $"The member '{name}' stands twice.", "Remove one of them."),
                at.Line, at.Column);
        }
        return members;
    }

    private string Text(ref Utf8JsonReader reader, TextPath path)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape.
            var at = PositionOf(reader.TokenStartIndex);
            Add(Finding.Error("json-text", path.ToString(), "The text holds an escape that is no character.", "Write the character itself."), at.Line, at.Column);
            return "";
        }
    }

    private void NoteOnce(string code, int at, string message)
    {
        if (Findings.Exists(finding => finding.Code == code))
            return;
        var (atLine, atColumn) = PositionOf(at);
        Add(Finding.Info(code, "", message), atLine, atColumn);
    }

    private void Add(Finding finding, int atLine, int atColumn)
    {
        if (budget is null || Findings.Count < ReadingBudget.MostFindings)
            Findings.Add(finding with { Line = atLine, Column = atColumn });
    }

    /// <summary>Line and column of a byte in a line, both from 0.</summary>
    public (int Line, int Column) PositionOf(int ofLine, int byteInLine)
    {
        var start = 0;
        for (var at = 0; at < ofLine; at++)
            start += bytes.AsSpan(start).IndexOf((byte)'\n') + 1;
        return (ofLine + 1, Encoding.UTF8.GetCharCount(bytes, start, Math.Min(byteInLine, bytes.Length - start)) + 1);
    }

    /// <summary>Line and column of a token. Tokens come in order, so that each part of the text is looked at once.</summary>
    private (int Line, int Column) PositionOf(long of)
    {
        if (of > offset)
        {
            var passed = bytes.AsSpan(offset, (int)of - offset);
            var breaks = passed.Count((byte)'\n');
            if (breaks > 0)
            {
                line += breaks;
                column = 1;
                passed = passed[(passed.LastIndexOf((byte)'\n') + 1)..];
            }
            column += Encoding.UTF8.GetCharCount(passed);
            offset = (int)of;
        }
        return (line, column);
    }
}
