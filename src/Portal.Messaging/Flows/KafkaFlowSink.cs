using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>
/// Produces to a Kafka topic. The library repeats what a broker did not answer; what it gives up for a reason that holds
/// for every message (rights, quota, topic) makes the flow wait and send again from the first that is not confirmed.
/// </summary>
internal sealed class KafkaFlowSink(DataflowEndpoint endpoint, ClientRole role, FlowPlan plan, KafkaConnector connector, TimeProvider time) : IFlowSink
{
    private static readonly TimeSpan _watchPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _lookPeriod = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan _lookLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestFlush = TimeSpan.FromSeconds(2);

    private volatile KafkaDeliveries? _deliveries;

    public async Task<Problem> RunAsync(IFlowOutlet outlet, CancellationToken cancellationToken)
    {
        await using var connection = await connector.OpenAsync(endpoint, role, cancellationToken);
        var deliveries = await OwnThread.RunAsync(() => new KafkaDeliveries(connection, outlet));
        try
        {
            var look = new KafkaTopicLook(deliveries.Producer.Handle, plan.Topic, connection, time);
            var found = await OwnThread.RunAsync(() => look.Look(poll: null, cancellationToken));
            await connector.JudgeAsync(found.Brokers, cancellationToken);
            deliveries.Target = new TopicPartition(plan.Topic, plan.StaticPartition(found.Partitions.Count) is { } fixedOne ? fixedOne : Partition.Any);
            _deliveries = deliveries;
            outlet.Connected();
            return await WatchAsync(connection, deliveries, outlet, cancellationToken);
        }
        finally
        {
            await OwnThread.RunAsync(() => deliveries.Close(connection.Failure is null ? _longestFlush : TimeSpan.Zero));
            _deliveries = null;
        }
    }

    public FlowSend Send(FlowSlot slot, Message message) => _deliveries?.Send(slot, message) ?? FlowSend.NotNow;

    public void Hurry() => _deliveries?.Hurry();

    private async Task<Problem> WatchAsync(KafkaConnection connection, KafkaDeliveries deliveries, IFlowOutlet outlet, CancellationToken cancellationToken)
    {
        var isDown = false;
        var lookedAt = 0L;
        using var timer = new PeriodicTimer(_watchPeriod, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (deliveries.HeldUp is { } heldUp)
                return heldUp;
            if (connection.Failure is not { } failure)
                continue;
            if (failure.Cause != KafkaConnection.LostCause)
                return failure;
            if (!isDown)
            {
                isDown = true;
                outlet.SinkIs(failure);
            }
            else if (time.GetElapsedTime(lookedAt) > _lookPeriod)
            {
                lookedAt = time.GetTimestamp();
                isDown = !await OwnThread.RunAsync(() => Answers(deliveries.Producer.Handle));
                if (isDown)
                    continue;
                connection.Recover();
                outlet.SinkIs(null);
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private bool Answers(Handle handle)
    {
        try
        {
            using var client = new DependentAdminClientBuilder(handle).Build();
            return client.GetMetadata(plan.Topic, _lookLimit).Brokers.Count > 0;
        }
        catch (KafkaException)
        {
            // Still down; what is in flight waits, and the next look comes soon.
            return false;
        }
    }
}
