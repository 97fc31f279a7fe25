namespace Portal.Model.Dataflows;

/// <summary>Texts of MQTT 5 (section 1.5.4): UTF-8 without U+0000. A receiver may also end the connection for other control characters and for non-characters, and mosquitto does.</summary>
public static class MqttText
{
    /// <summary>Whether a text holds a character for which a broker may end the connection.</summary>
    public static bool HasControl(string text)
    {
        foreach (var rune in text.EnumerateRunes())
            if (IsControl(rune.Value))
                return true;
        return false;
    }

    /// <summary>U+0000 to U+001F, U+007F to U+009F and the non-characters.</summary>
    /// <param name="character">A code point.</param>
    public static bool IsControl(int character) =>
        character is < 0x20 or (>= 0x7F and <= 0x9F) or (>= 0xFDD0 and <= 0xFDEF) || (character & 0xFFFE) == 0xFFFE;
}
