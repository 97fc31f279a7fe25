using System.Text;
using System.Text.Unicode;

namespace Portal.Messaging.Flows;

/// <summary>What MQTT 5 carries in a user property: UTF-8 without U+0000, below 64 KB (sections 1.5.4 and 3.3.2.3.7).</summary>
internal static class UserProperties
{
    /// <summary>Name of the user property that holds the Kafka key.</summary>
    public const string Key = "Key";

    /// <summary>Name of the user property that holds the Kafka timestamp.</summary>
    public const string Timestamp = "Timestamp";

    /// <summary>From this size on MQTT cannot carry a text.</summary>
    public const int TooLarge = 65_536;

    /// <summary>Why MQTT cannot carry a header; null when it can.</summary>
    public static HeaderDropReason? Problem(MessageProperty header)
    {
        if (header.Value is { } value && Problem(value.Span) is { } reason)
            return reason;
        return header.Name.Length * 3 >= TooLarge && Encoding.UTF8.GetByteCount(header.Name) >= TooLarge ? HeaderDropReason.TooLarge
            : header.Name.Contains('\0', StringComparison.Ordinal) ? HeaderDropReason.NullCharacter
            : null;
    }

    /// <summary>Why MQTT cannot carry a value; null when it can.</summary>
    public static HeaderDropReason? Problem(ReadOnlySpan<byte> value) =>
        value.Length >= TooLarge ? HeaderDropReason.TooLarge
        : !Utf8.IsValid(value) ? HeaderDropReason.NotUtf8
        : value.Contains((byte)0) ? HeaderDropReason.NullCharacter
        : null;
}
