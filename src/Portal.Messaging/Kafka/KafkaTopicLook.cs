using Confluent.Kafka;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Kafka;

/// <summary>Brokers of the cluster and partitions of a topic.</summary>
/// <param name="Partitions">Every partition, with or without a leader.</param>
/// <param name="Leaderless">Partitions that cannot be read now.</param>
internal sealed record KafkaTopicFound(IReadOnlyList<BrokerMetadata> Brokers, IReadOnlyList<int> Partitions, IReadOnlyList<int> Leaderless);

/// <summary>Asks the cluster for a topic on the connection of another client.</summary>
internal sealed class KafkaTopicLook(Handle handle, string topic, KafkaConnection connection, TimeProvider time)
{
    private static readonly TimeSpan _slice = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    public string Topic => topic;

    /// <summary>Blocks until the cluster has answered, at most ten seconds.</summary>
    /// <param name="poll">
    /// Lets a consumer that has nothing assigned yet serve what waits for it: requests for a token, errors. Producers do so by themselves.
    /// </param>
    /// <exception cref="ConnectionException">No answer, no such topic, or no right to see it.</exception>
    public KafkaTopicFound Look(Action? poll, CancellationToken cancellationToken)
    {
        using var client = new DependentAdminClientBuilder(handle).Build();
        var metadata = Ask(
            () =>
            {
                poll?.Invoke();
                return client.GetMetadata(topic, _slice);
            },
            cancellationToken);
        var found = metadata.Topics.Find(one => one.Topic == topic);
        var error = found is null ? new Error(ErrorCode.UnknownTopicOrPart) : found.Error;
        // While a topic is being created its partitions come later than its name.
        if (error.IsError || found!.Partitions.Count == 0)
            throw new ConnectionException(connection.Explain(error.IsError ? error : new Error(ErrorCode.UnknownTopicOrPart)));
        return new KafkaTopicFound(
            metadata.Brokers,
            [.. found.Partitions.Select(partition => partition.PartitionId).Order()],
            [.. found.Partitions.Where(partition => partition.Leader < 0).Select(partition => partition.PartitionId)]);
    }

    /// <summary>Repeats a blocking call in slices until it answers.</summary>
    /// <exception cref="ConnectionException">No answer in time, or an error.</exception>
    public T Ask<T>(Func<T> call, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return call();
            }
            catch (KafkaException e)
            {
                if (connection.Failure is not null || !KafkaConnection.IsSilence(e.Error.Code) || time.GetElapsedTime(started) >= _limit)
                    throw new ConnectionException(connection.Explain(e.Error), e);
            }
        }
    }

    /// <summary>The length of one try of <see cref="Ask"/>.</summary>
    public static TimeSpan Slice => _slice;
}
