using System.Text;
using Portal.Messaging;
using Portal.Messaging.Mqtt;
using Portal.Resources;

namespace Portal.Components.Traffic;

/// <summary>A message as it is typed.</summary>
internal sealed class PublishDraft(bool isKafka)
{
    public bool IsKafka => isKafka;

    public string Topic { get; set; } = "";

    public string Key { get; set; } = "";

    public string Payload { get; set; } = "";

    public int Qos { get; set; } = 1;

    public bool Retain { get; set; }

    public string ContentType { get; set; } = "";

    /// <summary>One a line, name=value.</summary>
    public string Properties { get; set; } = "";

    /// <summary>What is wrong and what to write; null when it can be sent.</summary>
    public string? Problem()
    {
        if (string.IsNullOrWhiteSpace(Topic))
            return Text.Publish_NoTopic;
        if (!IsKafka && TopicFilter.HasWildcard(Topic))
            return Text.Publish_Wildcard;
        return Lines().FirstOrDefault(line => line.IndexOf('=') <= 0) is { } wrong ? Text.Publish_BadProperty.With(wrong) : null;
    }

    public Message ToMessage(DateTimeOffset now) => new()
    {
        Topic = Topic.Trim(),
        Payload = Encoding.UTF8.GetBytes(Payload),
        Timestamp = now,
        Key = IsKafka && Key.Length > 0 ? Encoding.UTF8.GetBytes(Key) : null,
        Qos = IsKafka ? null : Qos,
        Retain = IsKafka ? null : Retain,
        ContentType = IsKafka || string.IsNullOrWhiteSpace(ContentType) ? null : ContentType.Trim(),
        Properties = [.. HeaderOfContentType(), .. Lines().Select(line => line.Split('=', 2)).Select(pair => new MessageProperty(pair[0].Trim(), Encoding.UTF8.GetBytes(pair[1].Trim())))],
    };

    // Kafka has no content type of its own; the header is the one of the CloudEvents binding.
    private IEnumerable<MessageProperty> HeaderOfContentType() =>
        IsKafka && !string.IsNullOrWhiteSpace(ContentType) ? [new MessageProperty("content-type", Encoding.UTF8.GetBytes(ContentType.Trim()))] : [];

    private string[] Lines() => Properties.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
