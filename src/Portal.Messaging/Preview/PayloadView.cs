using System.Text;
using System.Text.Unicode;

namespace Portal.Messaging.Preview;

/// <summary>What a payload looks like at first sight.</summary>
public enum PayloadKind { Empty, Json, Text, Binary }

/// <summary>The payload of one message in the forms that a page shows. Everything is made when asked for; nothing throws.</summary>
public sealed class PayloadView(PreviewMessage message)
{
    private const int BytesPerLine = 16;
    private const int GroupLength = 8;

    private ReadOnlySpan<byte> Payload => message.Message.Payload.Span;

    /// <summary>Bytes as sent.</summary>
    public long Size => message.PayloadSize;

    /// <summary>True when only the first 64 KiB are here.</summary>
    public bool Truncated => message.Truncated;

    /// <summary>The form to open first.</summary>
    public PayloadKind Kind =>
        Payload.IsEmpty ? PayloadKind.Empty
        : JsonText.LooksStructured(Payload) && Json is not null ? PayloadKind.Json
        : Text is { } text && IsReadable(text) ? PayloadKind.Text
        : PayloadKind.Binary;

    /// <summary>Indented JSON with every digit and escape as it was sent; null when the payload is no JSON. A cut payload shows what is there.</summary>
    public string? Json => JsonText.Indent(Payload, Truncated);

    /// <summary>The payload as text; null when it is not valid UTF-8.</summary>
    public string? Text => TextOf(Payload, Truncated);

    /// <summary>Lines of offset, 16 bytes and their ASCII characters.</summary>
    public string Hex
    {
        get
        {
            var lines = new StringBuilder((Payload.Length / BytesPerLine * 80) + 80);
            for (var offset = 0; offset < Payload.Length; offset += BytesPerLine)
                AppendLine(lines, offset, Payload[offset..Math.Min(offset + BytesPerLine, Payload.Length)]);
            return lines.ToString();
        }
    }

    /// <summary>One line for a table: text with blanks for line ends and control characters, or the first bytes in hexadecimal.</summary>
    public static string Line(Message message, int most = 200)
    {
        var bytes = message.Payload.Span;
        // Four bytes a character at most; a character that is cut in two at the end is left out.
        var start = bytes[..Math.Min(bytes.Length, most * 4)];
        if (TextOf(start, start.Length < bytes.Length) is not { } text)
            return Convert.ToHexString(bytes[..Math.Min(bytes.Length, most / 3)]).Chunk(2).Aggregate(
                new StringBuilder(), (line, pair) => (line.Length == 0 ? line : line.Append(' ')).Append(pair)).ToString();
        var end = Math.Min(text.Length, most);
        if (end < text.Length && char.IsHighSurrogate(text[end - 1]))
            end--;
        return string.Create(end, text, static (line, text) =>
        {
            for (var i = 0; i < line.Length; i++)
                line[i] = char.IsControl(text[i]) ? ' ' : text[i];
        });
    }

    /// <summary>Bytes as text; null when they are not valid UTF-8. Of cut bytes a character that lost its end is left out.</summary>
    internal static string? TextOf(ReadOnlySpan<byte> bytes, bool cut)
    {
        if (cut)
            bytes = bytes[..^IncompleteTail(bytes)];
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
    }

    // How many bytes at the end belong to a character whose rest is missing (at most 3).
    private static int IncompleteTail(ReadOnlySpan<byte> bytes)
    {
        for (var tail = 1; tail <= Math.Min(3, bytes.Length); tail++)
        {
            var b = bytes[^tail];
            if ((b & 0b1100_0000) == 0b1000_0000)
                continue;
            var length = b switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
            return length > tail ? tail : 0;
        }

        return 0;
    }

    private static bool IsReadable(string text) => !text.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n'));

    private static void AppendLine(StringBuilder lines, int offset, ReadOnlySpan<byte> bytes)
    {
        lines.Append(offset.ToString("x8")).Append(' ');
        for (var i = 0; i < BytesPerLine; i++)
        {
            lines.Append(i % GroupLength == 0 ? "  " : " ");
            lines.Append(i < bytes.Length ? bytes[i].ToString("x2") : "  ");
        }

        lines.Append("  |");
        foreach (var b in bytes)
            lines.Append(b is >= 0x20 and < 0x7f ? (char)b : '.');
        lines.Append("|\n");
    }
}
