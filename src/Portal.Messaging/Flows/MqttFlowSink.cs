using System.Collections.Concurrent;
using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>
/// Publishes to MQTT topics: at QoS 1 a message is delivered when the broker acknowledged it, at QoS 0 when it is written.
/// After a break everything that was not acknowledged is sent again, in order.
/// </summary>
internal sealed class MqttFlowSink(DataflowEndpoint endpoint, ClientRole role, MqttConnector connector) : IFlowSink
{
    // The window keeps what was not acknowledged, so the broker needs to keep nothing of this client.
    private readonly MqttClientSettings _settings = connector.SettingsOf(endpoint, role) with { CleanStart = true, SessionExpirySeconds = 0 };
    private volatile Connection? _connection;

    public async Task<Problem> RunAsync(IFlowOutlet outlet, CancellationToken cancellationToken)
    {
        var connection = new Connection(outlet, _settings.Qos, _settings.MostPacketBytes);
        await using var session = await connector.OpenAsync(endpoint, _settings, connection, cancellationToken);
        connection.Start(session, _settings.ReceiveMaximum);
        _connection = connection;
        outlet.Connected();
        var first = await Task.WhenAny(session.Lost, connection.HeldUp).WaitAsync(cancellationToken);
        return await first;
    }

    public FlowSend Send(FlowSlot slot, Message message) => _connection?.Send(slot, message) ?? FlowSend.NotNow;

    public void Hurry()
    {
        // Nothing waits here: a packet is written as soon as the connection takes it.
    }

    /// <summary>What is under way on one connection.</summary>
    private sealed class Connection(IFlowOutlet outlet, int qos, uint mostBytes) : IMqttReceiver
    {
        /// <summary>No more is written ahead of the network.</summary>
        private const int MostWaiting = 1024 * 1024;

        private readonly TaskCompletionSource<Problem> _heldUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<(long Position, FlowSlot Slot)> _written = new();
        private readonly Lock _writing = new();
        private MqttSession _session = null!;
        private FlowSlot?[] _byId = [];
        private int _lastId;
        private int _inFlight;
        private int _qos = qos;
        private uint _mostBytes = mostBytes;

        /// <summary>Completes when the broker refuses everything until something changes there.</summary>
        public Task<Problem> HeldUp => _heldUp.Task;

        public bool IsFull => false;

        public void Start(MqttSession session, int most)
        {
            _session = session;
            _qos = Math.Min(_qos, session.Answer.MaximumQoS);
            _mostBytes = Math.Min(_mostBytes, session.Answer.MaximumPacketSize ?? uint.MaxValue);
            _byId = new FlowSlot?[Math.Min(most, session.Answer.ReceiveMaximum) + 1];
        }

        public void Begins(MqttSession session)
        {
            // It is used from Start on, when the broker's limits are known.
        }

        public FlowSend Send(FlowSlot slot, Message message)
        {
            if (_session.Waiting > MostWaiting || (_qos > 0 && Volatile.Read(ref _inFlight) >= _byId.Length - 1))
                return FlowSend.NotNow;
            if (MqttPackets.SizeOfPublish(message, _qos) is not { } size || size > _mostBytes)
            {
                outlet.Reject(slot, TooLarge(message));
                return FlowSend.Rejected;
            }

            var retain = message.Retain is true;
            if (retain && !_session.Answer.RetainAvailable)
            {
                outlet.DropHeader(HeaderReasons.RetainUnsupported);
                retain = false;
            }

            if (_qos > 0)
                _session.Publish(message, 1, retain, NextId(slot));
            else
                lock (_writing)
                    _written.Enqueue((_session.Publish(message, 0, retain, 0), slot));
            return FlowSend.Taken;
        }

        public void Acknowledged(in MqttPubAck answer)
        {
            var slot = answer.PacketId < _byId.Length ? Interlocked.Exchange(ref _byId[answer.PacketId], null) : null;
            if (slot is null)
                throw new MqttProtocolException(MqttReasonCode.ProtocolError, $"a message is acknowledged that was not sent ({answer.PacketId})");
            Interlocked.Decrement(ref _inFlight);
            if (!answer.Reason.IsFailure)
                outlet.End(slot, FlowOutcome.Delivered);
            else
                Refused(slot, answer);
            outlet.SendMore();
        }

        public void Written(long position)
        {
            if (_qos > 0)
                return;
            lock (_writing)
                while (_written.TryPeek(out var next) && next.Position <= position && _written.TryDequeue(out next))
                    outlet.End(next.Slot, FlowOutcome.Delivered);
            outlet.SendMore();
        }

        public Task RoomAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Received(Message message, ushort packetId)
        {
            // A sink subscribes to nothing; what comes all the same is nobody's.
        }

        private void Refused(FlowSlot slot, in MqttPubAck answer)
        {
            var problem = MqttTopicProblems.OfPublication(answer.Reason, slot.Translation?.Message?.Topic ?? "", answer.Words);
            if (answer.Reason is MqttReasonCode.NotAuthorized or MqttReasonCode.QuotaExceeded or MqttReasonCode.PacketIdentifierInUse)
                _heldUp.TrySetResult(problem);
            else
                outlet.Reject(slot, problem);
        }

        // Acknowledgements come in order from most brokers, so that the next identifier is nearly always free.
        private ushort NextId(FlowSlot slot)
        {
            Interlocked.Increment(ref _inFlight);
            do
                _lastId = _lastId >= _byId.Length - 1 ? 1 : _lastId + 1;
            while (Interlocked.CompareExchange(ref _byId[_lastId], slot, null) is not null);
            return (ushort)_lastId;
        }

        private Problem TooLarge(Message message) => new(
            "topic-message-too-large",
            _mostBytes == uint.MaxValue
                ? $"A message to '{message.Topic}' has a property that MQTT cannot carry, or is longer than MQTT allows."
                : $"A message to '{message.Topic}' is larger than the {_mostBytes:N0} bytes that the broker takes in a packet.",
            "Send smaller messages, or raise the broker's maximum packet size.");
    }
}
