using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Preview;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Kafka;

/// <summary>
/// Reads a topic for previews: partitions assigned by hand under a group name that no one else has, nothing committed.
/// After a lost connection it goes on where it was.
/// </summary>
internal sealed class KafkaReader(DataflowEndpoint endpoint, PreviewRequest request, KafkaConnector connector, TimeProvider time) : IPreviewSource
{
    // Bounds of what the library reads ahead; its defaults are meant for one consumer a process.
    private const int QueuedMessages = 10_000;
    private const int QueuedKilobytes = 16 * 1024;
    private const int FetchBytes = 8 * 1024 * 1024;

    private readonly KafkaPositions _positions = new(request);

    public async Task<Problem> ReadAsync(PreviewBuffer buffer, CancellationToken cancellationToken)
    {
        await using var connection = await connector.OpenAsync(endpoint, cancellationToken);
        var consumer = await OwnThread.RunAsync(() => Build(connection));
        try
        {
            var topic = new KafkaTopicLook(consumer.Handle, request.Topic, connection, time);
            var found = await OwnThread.RunAsync(() => topic.Look(() => consumer.Consume(TimeSpan.Zero), cancellationToken));
            await connector.JudgeAsync(found.Brokers, cancellationToken);
            return await OwnThread.RunAsync(() => new KafkaConsumeLoop(consumer, topic, connection, _positions, buffer, time).Run(found, cancellationToken));
        }
        finally
        {
            // Close would look for the group's coordinator, which an assigned consumer does not need.
            await OwnThread.RunAsync(consumer.Dispose);
        }
    }

    private static IConsumer<byte[], byte[]> Build(KafkaConnection connection)
    {
        var config = connection.Settings.Reader();
        // What retention took from under the reader is gone: the oldest that is left comes closest.
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.QueuedMinMessages = QueuedMessages;
        config.QueuedMaxMessagesKbytes = QueuedKilobytes;
        config.FetchMaxBytes = FetchBytes;
        return connection.BuildConsumer(config);
    }
}
