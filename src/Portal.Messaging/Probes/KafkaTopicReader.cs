using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;

namespace Portal.Messaging.Probes;

/// <summary>Reads from a topic without a flow's group and without committing.</summary>
internal sealed class KafkaTopicReader : IDisposable
{
    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(200);
    private readonly KafkaProbeSession _session;
    private readonly IConsumer<Ignore, byte[]> _consumer;

    public KafkaTopicReader(KafkaProbeSession session)
    {
        _session = session;
        _consumer = Build(session, session.Settings.Reader());
    }

    /// <summary>Assigns and reads until a result fits; the problem when that does not happen in time.</summary>
    public Task<Problem?> TryAsync(
        Action<IConsumer<Ignore, byte[]>> assign, Func<ConsumeResult<Ignore, byte[]>, bool> fits, TimeSpan limit, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            try
            {
                assign(_consumer);
                for (var rest = limit; rest > TimeSpan.Zero; rest -= _slice)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    while (_consumer.Consume(_slice) is { } result)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        if (fits(result))
                            return null;
                    }
                }
                return new Problem("topic-read-timeout", $"Nothing came from the topic in {limit.TotalSeconds:0} s.", "Check that the leaders of its partitions are reachable.") { Summary = "No answer to reading" };
            }
            catch (KafkaException e)
            {
                return KafkaProblems.ExplainAny(e.Error, _session.Settings.Mechanism);
            }
        },
        cancellationToken);

    /// <summary>Asks for the group's committed offsets, which changes nothing; the problem when the user may not use the group.</summary>
    public static Task<Problem?> CheckGroupAsync(KafkaProbeSession session, string topic, int partition, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using var consumer = Build(session, session.Settings.GroupConsumer());
            try
            {
                consumer.Committed([new TopicPartition(topic, partition)], TimeSpan.FromSeconds(3));
                return null;
            }
            catch (KafkaException e)
            {
                return KafkaProblems.ExplainAny(e.Error, session.Settings.Mechanism);
            }
        },
        cancellationToken);

    // Close would wait for the group's coordinator, which an assigned consumer does not need.
    public void Dispose() => _consumer.Dispose();

    private static IConsumer<Ignore, byte[]> Build(KafkaProbeSession session, ConsumerConfig config)
    {
        var builder = new ConsumerBuilder<Ignore, byte[]>(config).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { });
        if (session.TokenRefresh is { } refresh)
            builder.SetOAuthBearerTokenRefreshHandler(refresh);
        return builder.Build();
    }
}
