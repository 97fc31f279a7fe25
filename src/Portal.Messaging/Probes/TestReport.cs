using System.Text.Json.Nodes;

namespace Portal.Messaging.Probes;

/// <summary>The stages of a connection test, in order. Names on the API are in camel case.</summary>
public enum TestStage { Settings, Secrets, Name, Tcp, Tls, WebSocket, SignIn, Broker, Topic }

/// <summary>What a stage found. A warning keeps the test passed.</summary>
public enum TestVerdict { Passed, Warning, Failed, Skipped }

/// <summary>How a test ended.</summary>
public enum TestOutcome { Passed, Failed, Cancelled }

/// <summary>The result of one stage.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Verdict">What it found.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Summary">One line for people: what was seen, or why it was skipped.</param>
/// <param name="Cause">Stable code of the cause in kebab case, for example <c>tls-untrusted-root</c>; null when passed or skipped.</param>
/// <param name="Fix">What to do; null when there is nothing to do.</param>
public sealed record StageResult(TestStage Stage, TestVerdict Verdict, double Milliseconds, string Summary, string? Cause = null, string? Fix = null)
{
    /// <summary>What was seen, by stage: addresses, the certificate chain, broker limits. Never a secret.</summary>
    public JsonObject Evidence { get; init; } = [];

    /// <summary>The cause in one sentence, for people; null when passed or skipped.</summary>
    public string? Explanation { get; init; }
}

/// <summary>A whole test.</summary>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="VantagePoint">Where it ran, for example <c>portal (host7)</c>.</param>
/// <param name="Started">When it started.</param>
/// <param name="Milliseconds">How long it took in all.</param>
/// <param name="Stages">All nine stages in order.</param>
public sealed record TestReport(
    string Endpoint, TestOutcome Outcome, string VantagePoint, DateTimeOffset Started, double Milliseconds, IReadOnlyList<StageResult> Stages)
{
    /// <summary>The stage that failed; null when none did.</summary>
    public StageResult? FailedStage => Stages.FirstOrDefault(stage => stage.Verdict is TestVerdict.Failed);

    /// <summary>When a test that was not started, because too many are, may be tried again; null = it was started.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public int Warnings => Stages.Count(stage => stage.Verdict is TestVerdict.Warning);
}
