using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Portal.Messaging.Preview;

/// <summary>Lays JSON text out anew without touching a token: digits, escapes, order and duplicates stay as they were sent.</summary>
internal static class JsonText
{
    private const int DeepestNesting = 256;
    private const int Indentation = 2;

    // Deep nesting makes indentation many times longer than the text itself.
    private const int LongestIndented = 1024 * 1024;

    /// <summary>Indented text; null when the bytes are no JSON. With a payload that was cut as much as is there.</summary>
    public static string? Indent(ReadOnlySpan<byte> json, bool cut) =>
        Write(json, cut, indented: true) is { } text ? Encoding.UTF8.GetString(text.WrittenSpan) : null;

    /// <summary>The text on one line as UTF-8; null when the bytes are no complete JSON.</summary>
    public static ArrayBufferWriter<byte>? Compact(ReadOnlySpan<byte> json) => Write(json, cut: false, indented: false);

    /// <summary>True when the first character opens an object or an array.</summary>
    public static bool LooksStructured(ReadOnlySpan<byte> json)
    {
        var start = json.TrimStart(" \t\r\n"u8);
        return !start.IsEmpty && start[0] is (byte)'{' or (byte)'[';
    }

    private static ArrayBufferWriter<byte>? Write(ReadOnlySpan<byte> json, bool cut, bool indented)
    {
        if (json.IsEmpty || (cut && !LooksStructured(json)) || (!cut && !Utf8.IsValid(json)))
            return null;
        var into = new ArrayBufferWriter<byte>(json.Length + 64);
        var reader = new Utf8JsonReader(json, isFinalBlock: !cut, new JsonReaderState(new JsonReaderOptions { MaxDepth = DeepestNesting }));
        try
        {
            var previous = JsonTokenType.None;
            while ((!indented || into.WrittenCount < LongestIndented) && reader.Read())
            {
                var token = reader.TokenType;
                Separate(into, previous, token, reader.CurrentDepth, indented);
                WriteToken(into, ref reader, indented);
                previous = token;
            }

            return into;
        }
        catch (JsonException)
        {
            // Another kind of payload: the caller shows it as text or bytes.
            return null;
        }
    }

    private static void Separate(ArrayBufferWriter<byte> into, JsonTokenType previous, JsonTokenType token, int depth, bool indented)
    {
        var opened = previous is JsonTokenType.StartObject or JsonTokenType.StartArray;
        var closes = token is JsonTokenType.EndObject or JsonTokenType.EndArray;
        if (previous is JsonTokenType.None or JsonTokenType.PropertyName || (opened && closes))
            return;
        if (!opened && !closes)
            into.Write(","u8);
        if (!indented)
            return;
        var blanks = into.GetSpan(1 + (depth * Indentation))[..(1 + (depth * Indentation))];
        blanks.Fill((byte)' ');
        blanks[0] = (byte)'\n';
        into.Advance(blanks.Length);
    }

    private static void WriteToken(ArrayBufferWriter<byte> into, ref Utf8JsonReader reader, bool indented)
    {
        var isText = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
        if (isText)
            into.Write("\""u8);
        into.Write(reader.ValueSpan);
        if (isText)
            into.Write("\""u8);
        if (reader.TokenType is JsonTokenType.PropertyName)
            into.Write(indented ? ": "u8 : ":"u8);
    }
}
