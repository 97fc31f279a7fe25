using System.Buffers;
using System.Text;

namespace Portal.Messaging.Preview;

/// <summary>The terms of a <see cref="MessageFilter"/> as predicates that never throw.</summary>
internal static class FilterTerms
{
    public static Func<PreviewMessage, bool> Text(string value, bool whole)
    {
        var needle = new Needle(value);
        return whole
            ? message => !message.Truncated && needle.Equals(message.Message.Payload.Span)
            : message => needle.IsIn(message.Message.Payload.Span);
    }

    public static Func<PreviewMessage, bool> Key(string value, bool whole)
    {
        var needle = new Needle(value);
        return message => message.Message.Key is { } key && (whole ? needle.Equals(key.Span) : needle.IsIn(key.Span));
    }

    public static Func<PreviewMessage, bool> Property(string name, FilterComparison? comparison) => message =>
    {
        var properties = message.Message.Properties;
        for (var i = 0; i < properties.Count; i++)
        {
            if (properties[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase)
                && (comparison is null || comparison.Holds(properties[i].Value is { } value ? Encoding.UTF8.GetString(value.Span) : "")))
                return true;
        }

        return false;
    };

    public static Func<PreviewMessage, bool> Json(JsonPath path, FilterComparison? comparison) =>
        message => path.IsIn(message.Message.Payload.Span, comparison);

    /// <summary>A text to find in UTF-8 bytes without regard to case.</summary>
    private sealed class Needle(string value)
    {
        private readonly byte[]? _ascii = value.Length > 0 && Ascii.IsValid(value) ? Encoding.ASCII.GetBytes(value) : null;

        public bool Equals(ReadOnlySpan<byte> bytes) =>
            _ascii is not null
                ? Ascii.EqualsIgnoreCase(bytes, _ascii)
                : Encoding.UTF8.GetString(bytes).Equals(value, StringComparison.OrdinalIgnoreCase);

        public bool IsIn(ReadOnlySpan<byte> bytes) => _ascii is not null ? IsAsciiIn(bytes) : IsTextIn(bytes);

        private bool IsAsciiIn(ReadOnlySpan<byte> bytes)
        {
            var (lower, upper) = ((byte)char.ToLowerInvariant((char)_ascii![0]), (byte)char.ToUpperInvariant((char)_ascii[0]));
            while (bytes.Length >= _ascii.Length)
            {
                var start = bytes[..(bytes.Length - _ascii.Length + 1)].IndexOfAny(lower, upper);
                if (start < 0)
                    return false;
                if (Ascii.EqualsIgnoreCase(bytes.Slice(start, _ascii.Length), _ascii))
                    return true;
                bytes = bytes[(start + 1)..];
            }

            return false;
        }

        private bool IsTextIn(ReadOnlySpan<byte> bytes)
        {
            var characters = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(bytes.Length));
            try
            {
                var count = Encoding.UTF8.GetChars(bytes, characters);
                return characters.AsSpan(0, count).Contains(value, StringComparison.OrdinalIgnoreCase);
            }
            finally
            {
                ArrayPool<char>.Shared.Return(characters);
            }
        }
    }
}
