using Portal.Messaging.Preview;

namespace Portal.Components.Traffic;

/// <summary>A message as its row shows it, made once.</summary>
public sealed class TrafficRow(PreviewMessage message)
{
    private const int LongestLine = 240;

    public PreviewMessage Message { get; } = message;

    public long Sequence => Message.Sequence;

    public string Topic => Message.Message.Topic;

    /// <summary>Kafka key as text, or in hexadecimal when it is none; empty without a key.</summary>
    public string Key { get; } = message.Message.Key is { } key ? TrafficWords.TextOrHex(key.Span) : "";

    public string Size { get; } = TrafficWords.Size(message.PayloadSize);

    public string Line { get; } = PayloadView.Line(message.Message, LongestLine);
}
