using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>
/// Reads MQTT topic filters in a session that the broker keeps: what was not acknowledged comes again. With several
/// instances the filters are shared, <c>$share/&lt;flow&gt;/&lt;filter&gt;</c>. An instance beyond their number leaves: it reads
/// what still waits for it, and ends its session, which would else go on taking its share of the messages.
/// </summary>
/// <param name="earlier">Filters of an earlier run that the session may still hold.</param>
internal sealed class MqttFlowSource(
    DataflowEndpoint endpoint, string dataflow, int instance, int instances, IReadOnlyList<string> filters, IReadOnlyList<string> earlier, MqttConnector connector, TimeProvider time)
    : IFlowSource
{
    /// <summary>A broker that has more for a session sends it while nothing is in flight: after this silence, and a ping that comes back, there is no more.</summary>
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(100);

    private readonly MqttClientSettings _settings = connector.SettingsOf(endpoint, ClientRole.Flow(dataflow, instance));
    private volatile Receiver? _receiver;
    private long _connectedAt = time.GetTimestamp();

    private bool IsLeaving => instance >= instances;

    /// <summary>The filters as they are subscribed to.</summary>
    public static IReadOnlyList<string> Subscriptions(string dataflow, int instances, IReadOnlyList<string> filters) =>
        [.. filters.Select(filter => instances > 1 && !TopicFilter.IsShared(filter) ? $"$share/{dataflow}/{filter}" : filter)];

    public async Task<Problem?> RunAsync(IFlowIntake intake, CancellationToken cancellationToken)
    {
        var receiver = new Receiver(intake, (_receiver?.Generation ?? 0) + 1);
        _receiver = receiver;
        try
        {
            await using var session = await connector.OpenAsync(endpoint, _settings, receiver, cancellationToken);
            return await ReadAsync(session, receiver, intake, cancellationToken);
        }
        catch (ConnectionException) when (IsLeaving && IsExpired && intake.IsEmpty)
        {
            return null;
        }
    }

    // The broker has dropped a session that nobody came for in time, so nothing waits in it.
    private bool IsExpired => _settings.SessionExpirySeconds < uint.MaxValue && time.GetElapsedTime(_connectedAt) > TimeSpan.FromSeconds(_settings.SessionExpirySeconds);

    private async Task<Problem?> ReadAsync(MqttSession session, Receiver receiver, IFlowIntake intake, CancellationToken cancellationToken)
    {
        try
        {
            // After a break the subscription is still there, and messages come before it is answered once more.
            if (session.Answer.SessionPresent && receiver.Generation > 1)
                intake.SourceIs(null);
            if (IsLeaving)
            {
                await LeaveAsync(session, receiver, intake, cancellationToken);
                return null;
            }

            var wanted = Subscriptions(dataflow, instances, filters);
            await RemoveOldAsync(session, wanted, cancellationToken);
            await SubscribeAsync(session, wanted, cancellationToken);
            intake.SourceIs(null);
            return await session.Lost.WaitAsync(cancellationToken);
        }
        finally
        {
            _connectedAt = time.GetTimestamp();
        }
    }

    // A message of an earlier connection comes again on this one: its packet identifier may stand for another by now.
    public void Acknowledge(FlowSlot slot)
    {
        if (slot.PacketId != 0 && _receiver is { } receiver && receiver.Generation == slot.Generation)
            receiver.Session.Acknowledge(slot.PacketId);
    }

    // The session of another number of instances, or of other filters, would go on bringing messages twice or unwanted.
    private async Task RemoveOldAsync(MqttSession session, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        if (!session.Answer.SessionPresent)
            return;
        var shared = Subscriptions(dataflow, 2, filters);
        string[] old = [.. filters.Concat(shared).Concat(earlier).Distinct().Except(wanted)];
        if (old.Length == 0)
            return;
        var answer = await session.UnsubscribeAsync(old, cancellationToken);
        for (var i = 0; i < Math.Min(old.Length, answer.Reasons.Length); i++)
            // Others were never subscribed to, which a broker may call an error.
            if (IsLeaving && answer.Reasons[i].IsFailure && earlier.Contains(old[i]))
                throw new ConnectionException(MqttTopicProblems.OfUnsubscription(answer.Reasons[i], old[i], answer.Words));
    }

    private async Task LeaveAsync(MqttSession session, Receiver receiver, IFlowIntake intake, CancellationToken cancellationToken)
    {
        await RemoveOldAsync(session, [], cancellationToken);
        intake.SourceIs(null);
        using var timer = new PeriodicTimer(_look, time);
        var (quiet, ping, seen, lookedAt) = (TimeSpan.Zero, 0L, receiver.Count, time.GetTimestamp());
        // What the broker does not know any more is here alone, until the destination has it.
        while (!intake.IsEmpty || (session.Answer.SessionPresent && (ping == 0 || session.Pongs < ping)))
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            if (session.Lost.IsCompleted)
                throw new ConnectionException(await session.Lost);
            // While this process did not run nothing could come: that is no silence.
            var passed = time.GetElapsedTime(lookedAt);
            quiet += passed < _look * 2 ? passed : _look * 2;
            if (receiver.Count != seen || !intake.IsEmpty)
                (quiet, ping) = (TimeSpan.Zero, 0);
            else if (quiet >= _quiet && ping == 0)
                ping = session.Ping();
            (seen, lookedAt) = (receiver.Count, time.GetTimestamp());
        }

        session.ForgetsSession = true;
    }

    private async Task SubscribeAsync(MqttSession session, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        if (instances > 1 && !session.Answer.SharedSubscriptionAvailable)
            throw new ConnectionException(MqttTopicProblems.OfSubscription(MqttReasonCode.SharedSubscriptionsNotSupported, wanted[0], null));
        var qos = Math.Min(_settings.Qos, session.Answer.MaximumQoS);
        var answer = await session.SubscribeAsync([.. wanted.Select(filter => new MqttSubscription(filter, qos))], cancellationToken);
        for (var i = 0; i < Math.Min(wanted.Count, answer.Reasons.Length); i++)
            if (answer.Reasons[i].IsFailure)
                throw new ConnectionException(MqttTopicProblems.OfSubscription(answer.Reasons[i], wanted[i], answer.Words));
    }

    private sealed class Receiver(IFlowIntake intake, int generation) : IMqttReceiver
    {
        private long _count;

        /// <summary>What its messages come from.</summary>
        public MqttSession Session { get; private set; } = null!;

        public int Generation => generation;

        /// <summary>Messages that came over this connection.</summary>
        public long Count => Volatile.Read(ref _count);

        public bool IsFull => intake.IsFull;

        public void Begins(MqttSession session) => Session = session;

        public Task RoomAsync(CancellationToken cancellationToken) => intake.RoomAsync(cancellationToken);

        public void Received(Message message, ushort packetId)
        {
            Volatile.Write(ref _count, _count + 1);
            intake.Add(message, packetId, generation);
        }

        public void Acknowledged(in MqttPubAck answer)
        {
            // A source publishes nothing.
        }

        public void Written(long position)
        {
            // Nobody waits for an acknowledgement to be written.
        }
    }
}
