using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Kafka;

/// <summary>Produces one message on a connection of its own, at the endpoint's acknowledgements.</summary>
internal sealed class KafkaPublisher(KafkaConnector connector, TimeProvider time)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    /// <returns>Null when the brokers have it, else why not.</returns>
    /// <exception cref="ConnectionException">There was no connection.</exception>
    public async Task<Problem?> PublishAsync(DataflowEndpoint endpoint, Message message, CancellationToken cancellationToken = default)
    {
        await using var connection = await connector.OpenAsync(endpoint, cancellationToken);
        var config = connection.Settings.Producer();
        config.MessageTimeoutMs = (int)_limit.TotalMilliseconds;
        config.AllowAutoCreateTopics = true;
        var producer = connection.BuildProducer(config);
        try
        {
            // Asked first: an unknown topic is then an answer instead of a timeout, and the brokers' addresses are judged.
            var look = new KafkaTopicLook(producer.Handle, message.Topic, connection, time);
            var found = await OwnThread.RunAsync(() => look.Look(poll: null, cancellationToken));
            if (message.Partition is { } wanted && !found.Partitions.Contains(wanted))
            {
                return new Problem(
                    "topic-no-partition", $"'{message.Topic}' has no partition {wanted}.", $"Write a partition from 0 to {found.Partitions.Max()}, or leave it empty.");
            }

            await connector.JudgeAsync(found.Brokers, cancellationToken);
            var partition = message.Partition is { } number ? new Partition(number) : Partition.Any;
            await producer.ProduceAsync(new TopicPartition(message.Topic, partition), KafkaMessages.ToRecord(message), cancellationToken);
            return null;
        }
        catch (ProduceException<byte[]?, byte[]?> e)
        {
            return e.Error.Code switch
            {
                ErrorCode.Local_MsgTimedOut => connection.Failure ?? new Problem(
                    "topic-write-timeout", $"The message to '{message.Topic}' was not acknowledged in {_limit.TotalSeconds:0} s. The brokers may have it all the same.",
                    "Check that the partition's leader is reachable and, with acknowledgment All, that enough replicas are in sync."),
                _ => connection.Explain(e.Error),
            };
        }
        finally
        {
            await OwnThread.RunAsync(producer.Dispose);
        }
    }
}
