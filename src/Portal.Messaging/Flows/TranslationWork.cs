namespace Portal.Messaging.Flows;

/// <summary>What is known of one message before its properties are translated.</summary>
/// <param name="Plan">The dataflow.</param>
/// <param name="Message">As received.</param>
/// <param name="Topic">Topic of the output.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Now">Now.</param>
/// <param name="Remaining">Seconds that remain of its expiry; null = it never expires.</param>
/// <param name="ContentType">Content type of the output where MQTT has one; null = none.</param>
/// <param name="IsRewritten">Whether the transformation made the payload, which is then JSON.</param>
internal readonly record struct TranslationWork(
    FlowPlan Plan, Message Message, string Topic, DateTimeOffset ReceivedAt, DateTimeOffset Now, uint? Remaining, string? ContentType, bool IsRewritten)
{
    public const string Json = "application/json";

    /// <summary>Whole seconds that the message has spent here.</summary>
    public long Spent => SpentSeconds(ReceivedAt, Now);

    /// <summary>Whether the output is a record of Kafka with a null value, as the input was.</summary>
    public bool HasNoValue => Plan.ToKafka && Message.HasNoValue && !IsRewritten;

    /// <summary>What <c>datacontenttype</c> says of the output; null = nothing is known.</summary>
    public string? DataContentType => ContentType ?? (IsRewritten ? Json : null);

    /// <summary>Content type of the output: a payload that the rules made is JSON, whatever it was before.</summary>
    public static string? ContentTypeOf(Message message, bool isRewritten)
    {
        if (!isRewritten || message.ContentType is not { } type)
            return message.ContentType;
        var media = type.AsSpan();
        media = (media.IndexOf(';') is var end and >= 0 ? media[..end] : media).Trim();
        return media.EndsWith("/json", StringComparison.OrdinalIgnoreCase) || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase) ? type : Json;
    }

    /// <summary>Whole seconds between receipt and now; a clock that was set back counts as none.</summary>
    public static long SpentSeconds(DateTimeOffset receivedAt, DateTimeOffset now) => Math.Max(0, (long)(now - receivedAt).TotalSeconds);

    /// <summary>What remains of an expiry; null when nothing does.</summary>
    public static uint? RemainingOf(uint expiry, DateTimeOffset receivedAt, DateTimeOffset now)
    {
        var spent = SpentSeconds(receivedAt, now);
        return spent >= expiry ? null : (uint)(expiry - spent);
    }
}
