namespace Portal.Messaging.Preview;

/// <summary>The newest messages of a reader, bounded by count and by bytes; the oldest go first. Not safe for threads: its owner locks.</summary>
internal sealed class PreviewRing(int mostMessages, long mostBytes)
{
    // Objects, array headers and slots of one message, measured roughly on 64 bit; a bound, not an account.
    private const int FixedCost = 320;
    private const int PropertyCost = 120;

    private readonly PreviewMessage?[] _slots = new PreviewMessage?[mostMessages];

    /// <summary>Sequence of the oldest message kept; <see cref="Next"/> when there is none.</summary>
    public long Oldest { get; private set; } = 1;

    /// <summary>Sequence that the next message gets.</summary>
    public long Next { get; private set; } = 1;

    public int Count => (int)(Next - Oldest);

    /// <summary>What the kept messages cost, about.</summary>
    public long Bytes { get; private set; }

    /// <summary>Time between the oldest and the newest message.</summary>
    public TimeSpan Span => Count == 0 ? TimeSpan.Zero : At(Next - 1).Received - At(Oldest).Received;

    public void Add(DateTimeOffset received, Message message, long payloadSize)
    {
        var cost = CostOf(message);
        while (Count > 0 && (Count == _slots.Length || Bytes + cost > mostBytes))
            DropOldest();
        _slots[Next % _slots.Length] = new PreviewMessage(Next, received, message) { PayloadSize = payloadSize };
        Bytes += cost;
        Next++;
    }

    /// <summary>Copies messages in order, from a sequence (or the oldest kept after it) upward, as many as fit.</summary>
    /// <returns>How many were copied.</returns>
    public int Copy(long from, Span<PreviewMessage> into)
    {
        var first = Math.Max(from, Oldest);
        var count = (int)Math.Clamp(Next - first, 0, into.Length);
        for (var i = 0; i < count; i++)
            into[i] = At(first + i);
        return count;
    }

    private PreviewMessage At(long sequence) => _slots[sequence % _slots.Length]!;

    private void DropOldest()
    {
        ref var slot = ref _slots[Oldest % _slots.Length];
        Bytes -= CostOf(slot!.Message);
        slot = null;
        Oldest++;
    }

    /// <summary>What a message costs in memory, about.</summary>
    public static long CostOf(Message message)
    {
        long cost = FixedCost + message.Payload.Length + (message.Key?.Length ?? 0) + (message.CorrelationData?.Length ?? 0)
            + (2L * (message.Topic.Length + (message.ContentType?.Length ?? 0) + (message.ResponseTopic?.Length ?? 0)));
        foreach (var property in message.Properties)
            cost += PropertyCost + (2L * property.Name.Length) + (property.Value?.Length ?? 0);
        return cost;
    }
}
