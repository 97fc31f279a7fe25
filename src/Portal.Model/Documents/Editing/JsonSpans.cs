using System.Text;
using System.Text.Json;

namespace Portal.Model.Documents.Editing;

/// <summary>Finds where each value of a JSON text stands. The text was read without findings before.</summary>
internal sealed class JsonSpans(byte[] bytes)
{
    private int byteAt;
    private int charAt;

    public static NodeSpan? Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = JsonText.MostDepth });
        reader.Read();
        return new JsonSpans(bytes).Node(ref reader) as NodeSpan;
    }

    private Span Node(ref Utf8JsonReader reader)
    {
        var start = CharAt(reader.TokenStartIndex);
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
            return new ScalarSpan(start, CharAt(reader.BytesConsumed), reader.TokenType is JsonTokenType.String ? ScalarLook.DoubleQuoted : ScalarLook.Plain);
        var isList = reader.TokenType is JsonTokenType.StartArray;
        var entries = new List<EntrySpan>();
        while (reader.Read() && reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray))
        {
            var (name, at) = ("", CharAt(reader.TokenStartIndex));
            if (!isList)
            {
                name = reader.GetString()!;
                reader.Read();
            }
            var value = Node(ref reader);
            entries.Add(new EntrySpan(name, at, value.Start, value));
        }
        return new NodeSpan(start, CharAt(reader.BytesConsumed), true, isList, entries);
    }

    /// <summary>Characters before a byte; asked for in growing order.</summary>
    private int CharAt(long index)
    {
        charAt += Encoding.UTF8.GetCharCount(bytes, byteAt, (int)index - byteAt);
        byteAt = (int)index;
        return charAt;
    }
}
