using System.Text.RegularExpressions;

namespace Portal.Model.Documents.Import;

/// <summary>Texts that stand for what somebody was meant to fill in.</summary>
internal static partial class Placeholders
{
    [GeneratedRegex(@"<[A-Za-z_][^<>\r\n]{0,200}>|\$\{[^{}\r\n]{0,200}\}|\{\{[^{}\r\n]{1,200}\}\}|__[A-Z][A-Z0-9_]{0,100}__")]
    private static partial Regex Any();

    [GeneratedRegex(@"^\$\{(inputTopic|outputTopic)(\.[0-9]+)?\}\z")]
    private static partial Regex Topic();

    /// <summary>The first placeholder in a text; null when it holds none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isTopic">True for a topic, where <c>${inputTopic}</c> is a variable of the service.</param>
    public static string? Find(string text, bool isTopic = false)
    {
        foreach (Match match in Any().Matches(text))
            if (!isTopic || !Topic().IsMatch(match.Value))
                return match.Value;
        return null;
    }
}
