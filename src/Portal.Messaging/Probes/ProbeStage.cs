namespace Portal.Messaging.Probes;

/// <summary>One stage of a connection test.</summary>
internal abstract class ProbeStage
{
    public abstract TestStage Stage { get; }

    /// <summary>What the stage waits for, as the end of "in the time given": for tests that run out of time.</summary>
    public abstract string Awaited(ProbeContext context);

    /// <summary>Why the stage cannot or need not run; null = it runs.</summary>
    public abstract string? SkipReason(ProbeContext context);

    /// <summary>Runs the stage. May throw only when it is cancelled.</summary>
    public abstract Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken);
}
