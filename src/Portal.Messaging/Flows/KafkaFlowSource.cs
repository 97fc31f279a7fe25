using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>Reads Kafka topics in the endpoint's consumer group; offsets are stored up to what is finished.</summary>
internal sealed class KafkaFlowSource(
    DataflowEndpoint endpoint, ClientRole role, IReadOnlyList<string> topics, KafkaConnector connector, FlowLimits limits, TimeProvider time) : IFlowSource
{
    private volatile KafkaFlowLoop? _loop;

    public async Task<Problem?> RunAsync(IFlowIntake intake, CancellationToken cancellationToken)
    {
        await using var connection = await connector.OpenAsync(endpoint, role, cancellationToken);
        var loop = await OwnThread.RunAsync(() => new KafkaFlowLoop(connection, Config(connection), topics, intake, time));
        try
        {
            foreach (var topic in topics)
                await connector.JudgeAsync(await OwnThread.RunAsync(() => loop.Look(topic, cancellationToken)), cancellationToken);
            _loop = loop;
            return await OwnThread.RunAsync(() => loop.Run(cancellationToken));
        }
        finally
        {
            _loop = null;
            await OwnThread.RunAsync(loop.Close);
        }
    }

    public void Acknowledge(FlowSlot slot) => _loop?.Done(slot);

    private ConsumerConfig Config(KafkaConnection connection)
    {
        var config = connection.Settings.GroupConsumer();
        config.SessionTimeoutMs = (int)limits.KafkaSession.TotalMilliseconds;
        config.HeartbeatIntervalMs = (int)(limits.KafkaSession.TotalMilliseconds / 3.5);
        // What waits in the library is memory too.
        config.QueuedMaxMessagesKbytes = (int)(limits.WindowBytes / 1024);
        // What was finished since comes again when a partition goes while the broker takes no commits.
        config.AutoCommitIntervalMs = 200;
        return config;
    }
}
