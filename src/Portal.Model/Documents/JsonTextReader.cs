using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>Reads JSON text with the position of every member. Strict: no comments, trailing commas or duplicate members.</summary>
internal static class JsonTextReader
{
    public static TextReadResult Read(string text)
    {
        if (text.Length > Yaml.MostCharacters)
            return new([], [Finding.Error("too-large", "", string.Create(CultureInfo.InvariantCulture, $"The text has {text.Length} characters; at most {Yaml.MostCharacters} are read."), "Split it into several files.") with { Line = 1, Column = 1 }]);
        var bytes = Encoding.UTF8.GetBytes(text.TrimStart('\ufeff'));
        var walk = new Walk(bytes);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = JsonText.MostDepth });
        try
        {
            reader.Read();
            var root = walk.Node(ref reader, "");
            while (reader.Read())
                walk.Node(ref reader, "");
            if (root is JsonObject members)
                return new(walk.Findings.Count > 0 ? [] : [new TextDocument(members, walk.Positions)], walk.Findings);
            walk.Findings.Add(Finding.Error("not-an-object", "", "The document must be an object with members.", "Write { \"apiVersion\": ... }.") with { Line = 1, Column = 1 });
        }
        catch (JsonException error)
        {
            var tooDeep = reader.CurrentDepth >= JsonText.MostDepth;
            var (line, column) = walk.PositionOf((int)(error.LineNumber ?? 0), (int)(error.BytePositionInLine ?? 0));
            walk.Findings.Add((tooDeep
                ? Finding.Error("too-deep", "", string.Create(CultureInfo.InvariantCulture, $"The text is nested more than {JsonText.MostDepth} deep."), "Write it flatter.")
                : Finding.Error("json-syntax", "", $"The JSON cannot be read here: {Reason(error.Message)}", "Check commas, quotes and brackets of this line and the one above.")) with
            {
                Line = line,
                Column = column,
            });
        }
        return new([], walk.Findings);
    }

    /// <summary>The message without the position that the runtime adds to it.</summary>
    private static string Reason(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private sealed class Walk
    {
        private readonly byte[] bytes;
        private readonly List<int> lineStarts = [0];

        public Walk(byte[] bytes)
        {
            this.bytes = bytes;
            for (var at = 0; at < bytes.Length; at++)
                if (bytes[at] == '\n')
                    lineStarts.Add(at + 1);
        }

        public List<Finding> Findings { get; } = [];

        public TextPositions Positions { get; } = new();

        public (int Line, int Column) PositionOf(int line, int byteInLine)
        {
            var start = lineStarts[Math.Min(line, lineStarts.Count - 1)];
            return (line + 1, Encoding.UTF8.GetCharCount(bytes, start, Math.Min(byteInLine, bytes.Length - start)) + 1);
        }

        private (int Line, int Column) PositionOf(long offset)
        {
            var line = lineStarts.BinarySearch((int)offset);
            line = line < 0 ? ~line - 1 : line;
            return PositionOf(line, (int)offset - lineStarts[line]);
        }

        public JsonNode? Node(ref Utf8JsonReader reader, string path)
        {
            var at = PositionOf(reader.TokenStartIndex);
            Positions.Add(path, at.Line, at.Column);
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    return Members(ref reader, path);
                case JsonTokenType.StartArray:
                    var items = new JsonArray();
                    while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
                        items.Add(Node(ref reader, string.Create(CultureInfo.InvariantCulture, $"{path}[{items.Count}]")));
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

        private JsonObject Members(ref Utf8JsonReader reader, string path)
        {
            var members = new JsonObject();
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var (line, column) = PositionOf(reader.TokenStartIndex);
                var name = Text(ref reader, path);
                var below = path.Length == 0 ? name : path + "." + name;
                Positions.Add(below, line, column);
                reader.Read();
                if (!members.TryAdd(name, Node(ref reader, below)))
                    Findings.Add(Finding.Error("duplicate-member", below, $"The member '{name}' stands twice.", "Remove one of them.") with { Line = line, Column = column });
            }
            return members;
        }

        private string Text(ref Utf8JsonReader reader, string path)
        {
            try
            {
                return reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                // Half of a surrogate pair, written as an escape.
                var (line, column) = PositionOf(reader.TokenStartIndex);
                Findings.Add(Finding.Error("json-text", path, "The text holds an escape that is no character.", "Write the character itself.") with { Line = line, Column = column });
                return "";
            }
        }
    }
}
