using Portal.Messaging.Connections;

namespace Portal.Messaging.Flows;

/// <summary>What messages of a flow come from. One source lives as long as its instance, over all its connections.</summary>
internal interface IFlowSource
{
    /// <summary>Connects and reads until the connection ends.</summary>
    /// <returns>Why it ended; null = there is nothing more to read, ever.</returns>
    /// <exception cref="ConnectionException">There was no connection.</exception>
    Task<Problem?> RunAsync(IFlowIntake intake, CancellationToken cancellationToken);

    /// <summary>A message is finished. Called in the order of receipt, one after the other; returns at once.</summary>
    void Acknowledge(FlowSlot slot);
}

/// <summary>Where a source puts its messages.</summary>
internal interface IFlowIntake
{
    /// <summary>True when nothing more may be added now.</summary>
    bool IsFull { get; }

    /// <summary>True when nothing is in flight.</summary>
    bool IsEmpty { get; }

    /// <summary>Completes when there is room again.</summary>
    Task RoomAsync(CancellationToken cancellationToken);

    void Add(Message message, ushort packetId, int generation);

    /// <summary>The source is connected; null ends a problem that it had.</summary>
    void SourceIs(Problem? problem);
}
