using Portal.Messaging.Flows;

namespace Portal.Messaging;

/// <summary>What this process is to its brokers.</summary>
public sealed record MessagingRole
{
    /// <summary>The only process: it runs every dataflow and tests from where it stands.</summary>
    public static MessagingRole Alone { get; } = new();

    /// <summary>Where connection tests are made from, as reports say it.</summary>
    public string VantagePoint { get; init; } = $"portal ({Environment.MachineName})";

    /// <summary>The dataflow instances that run here; null = none.</summary>
    public FlowShare? Flows { get; init; } = FlowShare.Whole;

    /// <summary>Which dataflows run here: where another runtime may serve them too, only those whose profile says so.</summary>
    public FlowRule Rule { get; init; }

    /// <summary>Whether portals ask this process for its tests: they keep the reports then.</summary>
    public bool WorksForPortals { get; init; }

    /// <summary>Folder of the dataflows' counters below <c>history</c>: one of its own for each process that shares a data folder.</summary>
    public string Counters { get; init; } = "dataflows";
}
