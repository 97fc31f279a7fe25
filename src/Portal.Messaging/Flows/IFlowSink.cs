using Portal.Messaging.Connections;

namespace Portal.Messaging.Flows;

/// <summary>Whether a sink took a message.</summary>
internal enum FlowSend
{
    /// <summary>It will end the message.</summary>
    Taken,

    /// <summary>Not now; the same message comes again.</summary>
    NotNow,

    /// <summary>It has ended the message as rejected.</summary>
    Rejected,
}

/// <summary>What messages of a flow go to. One sink lives as long as its instance, over all its connections.</summary>
internal interface IFlowSink
{
    /// <summary>Connects and stays so until the connection ends. After that it ends no message of that connection any more.</summary>
    /// <returns>Why it ended.</returns>
    /// <exception cref="ConnectionException">There was no connection.</exception>
    Task<Problem> RunAsync(IFlowOutlet outlet, CancellationToken cancellationToken);

    /// <summary>Starts to send. Called for one message after the other, in order.</summary>
    FlowSend Send(FlowSlot slot, Message message);

    /// <summary>Nothing more comes until something in flight is confirmed, so that waiting for a fuller batch is of no use. Returns at once.</summary>
    void Hurry();
}

/// <summary>What a sink reports to.</summary>
internal interface IFlowOutlet
{
    /// <summary>The sink is connected and takes messages; everything in flight is sent (again). Not after a mere pause, see <see cref="SinkIs"/>.</summary>
    void Connected();

    /// <summary>It is held up by a problem, or goes on (null), on the same connection.</summary>
    void SinkIs(Problem? problem);

    /// <summary>Sends what waits. To be called when there is room again after <see cref="FlowSend.NotNow"/>.</summary>
    void SendMore();

    /// <summary>Ends a message.</summary>
    void End(FlowSlot slot, FlowOutcome outcome);

    /// <summary>Ends a message that the destination refuses for good.</summary>
    void Reject(FlowSlot slot, Problem problem);

    /// <summary>Counts a property that was left out.</summary>
    void DropHeader(string reason);
}
