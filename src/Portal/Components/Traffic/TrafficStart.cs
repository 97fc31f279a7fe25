using Portal.Messaging.Preview;

namespace Portal.Components.Traffic;

/// <summary>Where a Kafka preview begins.</summary>
public sealed record TrafficStart(PreviewStart Kind, DateTimeOffset? From = null, long? Offset = null)
{
    public static TrafficStart Now { get; } = new(PreviewStart.Now);
}
