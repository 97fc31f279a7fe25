using Portal.Model.Endpoints;

namespace Portal.Messaging.Preview;

/// <summary>Where a Kafka preview starts. MQTT always starts now (retained messages come first).</summary>
public enum PreviewStart { Now, Beginning, Time, Offset }

/// <summary>Which messages to watch.</summary>
/// <param name="Endpoint">The endpoint, stored or not.</param>
/// <param name="Topic">MQTT topic filter (<c>#</c> and <c>+</c> allowed) or Kafka topic.</param>
public sealed record PreviewRequest(DataflowEndpoint Endpoint, string Topic)
{
    public PreviewStart Start { get; init; }

    /// <summary>Start time with <see cref="PreviewStart.Time"/>.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Start offset with <see cref="PreviewStart.Offset"/>.</summary>
    public long? Offset { get; init; }
}

/// <summary>
/// State of a shared reader. Reading means that the broker confirmed the subscription or assignment. A failed reader goes on
/// trying (unless the request itself is wrong) and stays Failed until it reads again.
/// </summary>
public enum PreviewState { Connecting, Reading, Failed, Closed }

/// <summary>A buffered message with its position in the reader.</summary>
/// <param name="Sequence">Number of the message since the reader started, from 1.</param>
/// <param name="Received">When the portal received it.</param>
/// <param name="Message">The message.</param>
public sealed record PreviewMessage(long Sequence, DateTimeOffset Received, Message Message)
{
    /// <summary>Bytes of the payload as it was sent. Previews keep the first 64 KiB of a payload.</summary>
    public long PayloadSize { get; init; } = Message.Payload.Length;

    /// <summary>True when <see cref="Message"/> holds less of the payload than was sent.</summary>
    public bool Truncated => PayloadSize > Message.Payload.Length;
}

/// <summary>What the reader knows at one moment. Cheap to take 10 times a second.</summary>
/// <param name="State">Connecting, reading, failed or closed.</param>
/// <param name="Received">Messages received since the reader started.</param>
/// <param name="PerSecond">Messages received in the last whole second.</param>
/// <param name="Buffered">Messages in the ring.</param>
/// <param name="BufferedSpan">Time between the oldest and the newest message in the ring.</param>
/// <param name="RateHistory">Messages a second of the last seconds, the oldest first (at most 60).</param>
/// <param name="Cause">Stable cause code when failed; while reading a warning, for example that some partitions cannot be read.</param>
/// <param name="Explanation">Cause in words.</param>
/// <param name="Fix">What to do.</param>
/// <param name="NextTry">When the reader tries to connect again; null while it tries, while it reads and when trying is of no use.</param>
public sealed record PreviewStatus(
    PreviewState State, long Received, double PerSecond, int Buffered, TimeSpan BufferedSpan, IReadOnlyList<int> RateHistory,
    string? Cause = null, string? Explanation = null, string? Fix = null, DateTimeOffset? NextTry = null);

/// <summary>Rows for a live page and how much of the traffic they are.</summary>
/// <param name="Rows">The newest first.</param>
/// <param name="ShownPerSecond">Rows added in the last whole second.</param>
/// <param name="MatchedPerSecond">Messages of the last whole second that the filter let through.</param>
public sealed record PreviewSample(IReadOnlyList<PreviewMessage> Rows, double ShownPerSecond, double MatchedPerSecond);

/// <summary>A viewer's lease on a shared reader. Disposing the last one ends the reader.</summary>
public interface IPreview : IAsyncDisposable
{
    PreviewStatus Status { get; }

    /// <summary>
    /// The newest messages that match, the newest first. Each message meets the filter once as long as the same delegate is
    /// passed again, so keep it.
    /// </summary>
    /// <param name="filter">Predicate, null = all. Must not throw.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="upTo">Only messages up to this sequence (a paused page); null = up to the newest.</param>
    IReadOnlyList<PreviewMessage> Newest(Func<PreviewMessage, bool>? filter, int most, long? upTo = null);

    /// <summary>
    /// Rows that people can follow: of the matching messages since the last call an even sample is added, at most so many a second.
    /// </summary>
    /// <param name="filter">As with <see cref="Newest"/>.</param>
    /// <param name="most">At most so many rows; the oldest go first.</param>
    /// <param name="perSecond">At most so many new rows a second.</param>
    PreviewSample Sample(Func<PreviewMessage, bool>? filter, int most, int perSecond);

    /// <summary>Messages after a sequence, the oldest first, at most so many; for streaming. Also tells how many the ring has lost in between.</summary>
    (IReadOnlyList<PreviewMessage> Messages, long Lost) After(long sequence, int most);

    /// <summary>Messages a second by topic over the last seconds, the busiest first, at most 1000 topics.</summary>
    IReadOnlyList<(string Topic, double PerSecond)> TopicRates();

    /// <summary>
    /// Completes when messages, rates or state changed since its last completion (at first: since the view was opened), at most
    /// every 100 ms.
    /// </summary>
    Task WaitForChangeAsync(CancellationToken cancellationToken);
}

/// <summary>Live traffic: one shared reader for each endpoint, topic and start, however many viewers.</summary>
public interface IPreviewService
{
    /// <summary>Opens a view. Connection problems appear in the status, never as an exception; the reader reconnects by itself.</summary>
    IPreview Open(PreviewRequest request);

    /// <summary>Publishes one message to the endpoint (operators only) and waits for the broker's acknowledgment. Returns null when acknowledged, else the cause in words with its fix.</summary>
    Task<string?> PublishAsync(DataflowEndpoint endpoint, Message message, CancellationToken cancellationToken = default);
}
