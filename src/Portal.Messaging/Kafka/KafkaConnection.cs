using Confluent.Kafka;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Kafka;

/// <summary>What the Kafka clients of one connection share: settings, tokens and what the library reports.</summary>
internal sealed class KafkaConnection : IAsyncDisposable
{
    /// <summary>Cause of a mere break: the library connects again by itself.</summary>
    public const string LostCause = "connection-lost";

    private readonly ConnectionMaterial _material;
    private readonly KafkaTokens? _tokens;
    private volatile Problem? _failure;

    public KafkaConnection(KafkaClientSettings settings, ConnectionMaterial material, TimeProvider time)
    {
        NativeLibrdkafka.EnsureLoaded();
        Settings = settings;
        _material = material;
        _tokens = settings.UsesTokens && material.Tokens is { } tokens ? new KafkaTokens(tokens, time) : null;
        if (_tokens is not null)
            _tokens.Failed += problem => _failure = problem;
    }

    public KafkaClientSettings Settings { get; }

    /// <summary>Why the connection does not work (any more); null while it does.</summary>
    public Problem? Failure => _failure;

    /// <summary>The brokers answer again: what was wrong with the way to them is over.</summary>
    public void Recover() => _failure = null;

    // What the library logs repeats its errors, and its configuration must never be written anywhere: no log handler writes.
    /// <exception cref="ConnectionException">The library does not take the settings.</exception>
    public IConsumer<byte[], byte[]> BuildConsumer(ConsumerConfig config) => Started(Consumer(config).Build);

    /// <summary>A consumer of a group, told when its partitions change.</summary>
    /// <exception cref="ConnectionException">The library does not take the settings.</exception>
    public IConsumer<byte[], byte[]> BuildConsumer(
        ConsumerConfig config, Action<List<TopicPartition>> assigned, Action<List<TopicPartition>> revoked, Action<List<TopicPartition>> lost) =>
        Started(Consumer(config)
            .SetPartitionsAssignedHandler((_, partitions) => assigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => revoked([.. partitions.Select(one => one.TopicPartition)]))
            .SetPartitionsLostHandler((_, partitions) => lost([.. partitions.Select(one => one.TopicPartition)]))
            .Build);

    /// <exception cref="ConnectionException">The library does not take the settings.</exception>
    public IProducer<byte[]?, byte[]?> BuildProducer(ProducerConfig config)
    {
        var builder = new ProducerBuilder<byte[]?, byte[]?>(config).SetErrorHandler((_, error) => Note(error)).SetLogHandler((_, _) => { });
        return Started((_tokens is null ? builder : builder.SetOAuthBearerTokenRefreshHandler(_tokens.Refresh)).Build);
    }

    /// <summary>The problem behind an error of a call.</summary>
    public Problem Explain(Error error) => _failure ?? (IsSilence(error.Code) ? NoAnswer() : KafkaProblems.ExplainAny(error, Settings.Mechanism));

    /// <summary>True when a call got no answer; trying once more may help.</summary>
    public static bool IsSilence(ErrorCode code) =>
        code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown or ErrorCode.RequestTimedOut;

    public static Problem NoAnswer() => new(
        "kafka-no-answer", "The bootstrap address can be reached, but the brokers do not answer in time.",
        "Run Test connection: it shows whether the addresses that the brokers advertise can be reached.");

    private static T Started<T>(Func<T> build)
    {
        try
        {
            return build();
        }
        catch (Exception e) when (KafkaProblems.IsOfStart(e))
        {
            throw new ConnectionException(KafkaProblems.CannotStart(e), e);
        }
    }

    private ConsumerBuilder<byte[], byte[]> Consumer(ConsumerConfig config)
    {
        var builder = new ConsumerBuilder<byte[], byte[]>(config).SetErrorHandler((_, error) => Note(error)).SetLogHandler((_, _) => { });
        return _tokens is null ? builder : builder.SetOAuthBearerTokenRefreshHandler(_tokens.Refresh);
    }

    public async ValueTask DisposeAsync()
    {
        if (_tokens is not null)
            await _tokens.DisposeAsync();
        _material.Dispose();
    }

    private void Note(Error error)
    {
        if (error.Code is ErrorCode.Local_AllBrokersDown)
        {
            _failure ??= new Problem(
                LostCause, "The connection to the brokers was lost.", "Check that the brokers run and that the network to them holds.");
        }
        // One broker whose name is unknown does not stop the others.
        else if (error.Code is not ErrorCode.Local_Resolve && KafkaProblems.Explain(error, Settings.Mechanism) is { } problem)
        {
            _failure = problem;
        }
    }
}
