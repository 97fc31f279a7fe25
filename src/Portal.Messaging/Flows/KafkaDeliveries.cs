using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;

namespace Portal.Messaging.Flows;

/// <summary>The producer of one connection and what it has under way. Reports come on the library's threads.</summary>
internal sealed class KafkaDeliveries
{
    private const int MostBytesOfMessage = 1_000_000_000;
    private const int ForEver = 0;

    private readonly KafkaConnection _connection;
    private readonly IFlowOutlet _outlet;
    private readonly ProducerConfig _config;
    private readonly Lock _gate = new();
    private readonly FlushThread? _flushes;
    private IProducer<byte[]?, byte[]?>? _single;
    private volatile Problem? _heldUp;
    private volatile bool _isClosed;

    public KafkaDeliveries(KafkaConnection connection, IFlowOutlet outlet)
    {
        (_connection, _outlet) = (connection, outlet);
        _config = Config(connection);
        Producer = _connection.BuildProducer(_config);
        _flushes = _config.LingerMs > 0 ? new FlushThread(Producer) : null;
    }

    public IProducer<byte[]?, byte[]?> Producer { get; }

    /// <summary>Topic, and the partition when it is a fixed one.</summary>
    public TopicPartition Target { get; set; } = null!;

    /// <summary>Why nothing more is sent until it is tried anew.</summary>
    public Problem? HeldUp => _heldUp;

    public FlowSend Send(FlowSlot slot, Message message)
    {
        if (_heldUp is not null)
            return FlowSend.NotNow;
        var delivery = slot.SinkState as Delivery ?? new Delivery(slot);
        slot.SinkState = delivery;
        delivery.Owner = this;
        delivery.IsAlone = false;
        try
        {
            Producer.Produce(Target, KafkaMessages.ToRecord(message), delivery.Handler);
            return FlowSend.Taken;
        }
        catch (ProduceException<byte[]?, byte[]?> e)
        {
            if (e.Error.Code is ErrorCode.Local_QueueFull)
                return FlowSend.NotNow;
            return Failed(delivery, e.Error) ? FlowSend.Rejected : FlowSend.NotNow;
        }
    }

    /// <summary>Lets batches go that wait for more messages.</summary>
    public void Hurry() => _flushes?.Hurry();

    /// <summary>Serves reports as long as they come in time; after it no message is ended any more.</summary>
    public void Close(TimeSpan flush)
    {
        if (flush > TimeSpan.Zero)
            Producer.Flush(flush);
        _isClosed = true;
        _flushes?.Dispose();
        Producer.Dispose();
        lock (_gate)
            _single?.Dispose();
    }

    private void Report(Delivery delivery, Error error)
    {
        if (_isClosed)
            return;
        if (error.Code is not ErrorCode.NoError)
        {
            Failed(delivery, error);
            return;
        }

        _outlet.End(delivery.Slot, FlowOutcome.Delivered);
    }

    /// <returns>True when the message is ended.</returns>
    private bool Failed(Delivery delivery, Error error)
    {
        if (IsOfBatch(error.Code) && !delivery.IsAlone)
        {
            SendAlone(delivery);
            return false;
        }

        if (IsOfMessage(error.Code))
        {
            _outlet.Reject(delivery.Slot, _connection.Explain(error));
            return true;
        }

        _heldUp ??= _connection.Explain(error);
        return false;
    }

    // The batch is too large for the topic, which says nothing about each message in it.
    private void SendAlone(Delivery delivery)
    {
        if (delivery.Slot.Translation?.Message is not { } message)
            return;
        delivery.IsAlone = true;
        try
        {
            lock (_gate)
                _single ??= _connection.BuildProducer(new ProducerConfig(new Dictionary<string, string>(_config)) { BatchNumMessages = 1, LingerMs = 0 });
            _single.Produce(Target, KafkaMessages.ToRecord(message), delivery.Handler);
        }
        catch (ProduceException<byte[]?, byte[]?> e)
        {
            Failed(delivery, e.Error);
        }
    }

    private static ProducerConfig Config(KafkaConnection connection)
    {
        var config = connection.Settings.Producer();
        // Repeated until a broker has it; the window bounds how much waits.
        config.MessageTimeoutMs = ForEver;
        // The broker knows what is too large for it.
        config.MessageMaxBytes = MostBytesOfMessage;
        config.DeliveryReportFields = "none";
        // Whether a topic is made on its first use is for the brokers to decide, as with any producer.
        config.AllowAutoCreateTopics = true;
        // Repeating keeps the order: with numbers that the broker checks where it confirms for all replicas, else one after the other.
        if (config.Acks is Acks.All)
            config.EnableIdempotence = true;
        else
            config.MaxInFlight = 1;
        return config;
    }

    private static bool IsOfBatch(ErrorCode code) => code is ErrorCode.MsgSizeTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidMsgSize;

    // InvalidRecord (87) and the timestamp out of range (32) are about the record itself.
    private static bool IsOfMessage(ErrorCode code) => IsOfBatch(code) || code is ErrorCode.InvalidTimestamp or ErrorCode.InvalidRecord or ErrorCode.InvalidMsg;

    /// <summary>The report of one place of the window, made once for all its messages.</summary>
    private sealed class Delivery
    {
        public Delivery(FlowSlot slot)
        {
            Slot = slot;
            Handler = report => Owner.Report(this, report.Error);
        }

        public FlowSlot Slot { get; }

        public Action<DeliveryReport<byte[]?, byte[]?>> Handler { get; }

        public KafkaDeliveries Owner { get; set; } = null!;

        /// <summary>Sent in a batch of its own.</summary>
        public bool IsAlone { get; set; }
    }
}
