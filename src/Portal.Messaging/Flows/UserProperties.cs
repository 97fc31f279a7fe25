using System.Text;
using System.Text.Unicode;
using Portal.Model.Dataflows;

namespace Portal.Messaging.Flows;

/// <summary>
/// What MQTT 5 carries in a user property: UTF-8 below 64 KB, without U+0000 (section 1.5.4). A receiver may also end the
/// connection for other control characters and non-characters, and mosquitto does, which would stop a flow for ever.
/// </summary>
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
            : MqttText.HasControl(header.Name) ? HeaderDropReason.ControlCharacter
            : null;
    }

    /// <summary>Why MQTT cannot carry a value; null when it can.</summary>
    public static HeaderDropReason? Problem(ReadOnlySpan<byte> value) =>
        value.Length >= TooLarge ? HeaderDropReason.TooLarge
        : !Utf8.IsValid(value) ? HeaderDropReason.NotUtf8
        : HasControl(value) ? HeaderDropReason.ControlCharacter
        : null;

    private static bool HasControl(ReadOnlySpan<byte> text)
    {
        if (text.ContainsAnyInRange((byte)0, (byte)0x1F) || text.Contains((byte)0x7F))
            return true;
        if (Ascii.IsValid(text))
            return false;
        for (var rest = text; !rest.IsEmpty;)
        {
            Rune.DecodeFromUtf8(rest, out var rune, out var length);
            if (MqttText.IsControl(rune.Value))
                return true;
            rest = rest[length..];
        }
        return false;
    }
}
