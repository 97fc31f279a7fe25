namespace Portal.Messaging.Flows;

/// <summary>A place of the window: one message on its way. Places are used again and again, so that a message costs none.</summary>
internal sealed class FlowSlot
{
    private const int Done = 1;

    private int _state;

    /// <summary>Number of the message since the window exists.</summary>
    public long Sequence { get; private set; }

    /// <summary>The message as it was received; it is translated when it is sent, so that its expiry counts the time spent here.</summary>
    public Message Message { get; private set; } = null!;

    /// <summary>Packet identifier of an MQTT message, 0 = nothing to acknowledge.</summary>
    public ushort PacketId { get; private set; }

    /// <summary>The connection or assignment that it came with: it is acknowledged to that one alone.</summary>
    public int Generation { get; private set; }

    public long ReceivedAt { get; private set; }

    public FlowOutcome Outcome { get; private set; }

    /// <summary>Payload bytes as sent.</summary>
    public int SentBytes { get; set; }

    /// <summary>What it was translated to when it was sent first; null = not yet.</summary>
    public Translation? Translation { get; set; }

    /// <summary>Its activities; null = it is not traced.</summary>
    public FlowTrace? Trace { get; private set; }

    /// <summary>What a sink keeps with the place over all its messages, for example a delegate.</summary>
    public object? SinkState { get; set; }

    public bool IsDone => Volatile.Read(ref _state) == Done;

    public void Use(long sequence, Message message, ushort packetId, int generation, long receivedAt, FlowTrace? trace)
    {
        (Sequence, Message, PacketId, Generation, ReceivedAt) = (sequence, message, packetId, generation, receivedAt);
        SentBytes = 0;
        Translation = null;
        Trace = trace;
        Volatile.Write(ref _state, 0);
    }

    /// <summary>Ends the message; false when it had ended before.</summary>
    public bool TryEnd(FlowOutcome outcome)
    {
        if (IsDone)
            return false;
        Outcome = outcome;
        return Interlocked.Exchange(ref _state, Done) != Done;
    }

    public void Free()
    {
        Trace?.End(Outcome);
        Message = null!;
        Translation = null;
        Trace = null;
    }
}
