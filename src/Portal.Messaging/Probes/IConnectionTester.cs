using Portal.Model.Endpoints;

namespace Portal.Messaging.Probes;

/// <summary>What to test and how far.</summary>
/// <param name="Endpoint">The endpoint, stored or not.</param>
public sealed record TestRequest(DataflowEndpoint Endpoint)
{
    /// <summary>The kind it is meant to be; null = inferred.</summary>
    public EndpointKind? Kind { get; init; }

    /// <summary>Topic to look at; null = the topic stage is skipped.</summary>
    public string? Topic { get; init; }

    /// <summary>Whether reading the topic is tried.</summary>
    public bool Read { get; init; }

    /// <summary>Whether writing one test message to the topic is tried.</summary>
    public bool Write { get; init; }

    /// <summary>Whether a message is written and must come back.</summary>
    public bool RoundTrip { get; init; }

    /// <summary>Who asks: the limits per user count by it.</summary>
    public string User { get; init; } = "";

    /// <summary>Ordinal of the flow host that makes the test; null = this process does.</summary>
    public int? FlowHost { get; init; }

    /// <summary>Limit of the whole test; null = the configured limit.</summary>
    public TimeSpan? TimeLimit { get; init; }
}

/// <summary>A flow host that tests can be made from.</summary>
/// <param name="FlowHost">Its ordinal.</param>
/// <param name="Address">Its base address.</param>
public sealed record TestVantage(int FlowHost, string Address);

/// <summary>Tests connections stage by stage with the client settings that previews and flows use.</summary>
public interface IConnectionTester
{
    /// <summary>Flow hosts that tests can be made from besides this process; empty when there are none.</summary>
    IReadOnlyList<TestVantage> FlowHosts => [];

    /// <summary>
    /// Runs a test to its end and gives the report. Never throws for what it finds; a cancelled test gives a report with outcome Cancelled.
    /// </summary>
    /// <param name="request">What to test.</param>
    /// <param name="progress">Called in order with each stage as it ends, and with null verdicts never; null = nobody listens.</param>
    /// <param name="cancellationToken">Cancels the test.</param>
    Task<TestReport> RunAsync(TestRequest request, Action<StageResult>? progress = null, CancellationToken cancellationToken = default);
}
