namespace Portal.Messaging.Preview;

/// <summary>What is wrong with the text of a filter.</summary>
/// <param name="Position">Index of the character where it goes wrong, from 0; the length of the text when something is missing at its end.</param>
/// <param name="Message">What is wrong and what to write instead.</param>
public sealed record FilterError(int Position, string Message);

/// <summary>
/// A filter of live traffic. Terms are joined by <c>and</c> (or just a blank), <c>or</c>, <c>not</c> and parentheses;
/// values with blanks stand in quotes.
/// <list type="table">
/// <item><term><c>topic:line3/#</c></term><description>MQTT wildcards; without any, the topic contains the text; <c>topic=</c> the exact topic</description></item>
/// <item><term><c>key:press</c></term><description>the Kafka key contains the text; <c>key=</c> the whole key</description></item>
/// <item><term><c>text:"heart beat"</c>, <c>heartbeat</c></term><description>the payload contains the text; <c>text=</c> the whole payload</description></item>
/// <item><term><c>property:unit=degC</c></term><description>user property or header: exists, <c>=</c>, <c>!=</c>, <c>:</c> contains, <c>&gt;</c> <c>&gt;=</c> <c>&lt;</c> <c>&lt;=</c></description></item>
/// <item><term><c>json:$.temp_c&gt;70</c></term><description>the same comparisons on a JSON payload; <c>.name</c>, <c>['name']</c>, <c>[0]</c>, <c>[*]</c></description></item>
/// </list>
/// Text is compared without regard to case, but for topics with wildcards or <c>=</c>. Of a payload the part kept for the preview is looked at.
/// </summary>
public sealed class MessageFilter
{
    /// <summary>Longest text of a filter.</summary>
    public const int LongestText = 4096;

    private MessageFilter(string text, Func<PreviewMessage, bool>? predicate, FilterError? error)
    {
        Text = text;
        Predicate = predicate;
        Error = error;
    }

    /// <summary>The text as it was written.</summary>
    public string Text { get; }

    /// <summary>Never throws; null when the filter lets everything through, and when it has an error.</summary>
    public Func<PreviewMessage, bool>? Predicate { get; }

    /// <summary>Null when the filter can be used.</summary>
    public FilterError? Error { get; }

    public bool Matches(PreviewMessage message) => Predicate is null || Predicate(message);

    /// <summary>Reads a filter. Never throws; what is wrong is in <see cref="Error"/>.</summary>
    public static MessageFilter Parse(string? text)
    {
        text ??= "";
        if (string.IsNullOrWhiteSpace(text))
            return new MessageFilter(text, null, null);
        if (text.Length > LongestText)
        {
            return new MessageFilter(text, null, new FilterError(
                LongestText, $"The filter is {text.Length:N0} characters long. Use at most {LongestText:N0}."));
        }

        var parser = new FilterParser(text);
        var predicate = parser.Parse();
        return parser.Error is null ? new MessageFilter(text, predicate, null) : new MessageFilter(text, null, parser.Error);
    }
}
