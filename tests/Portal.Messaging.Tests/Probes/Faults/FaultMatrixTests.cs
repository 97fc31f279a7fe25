using System.Text.RegularExpressions;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;

namespace Portal.Messaging.Tests.Probes.Faults;

/// <summary>Every fault that a test must tell apart, made for real: stage, cause, words and fix.</summary>
public sealed partial class FaultMatrixTests
{
    private const int Least = 60;
    private const int AtOnce = 6;

    [Fact]
    public async Task Every_fault_has_its_stage_its_cause_its_fix_and_words_of_its_own()
    {
        Fault[] faults = [.. SecretFaults.All, .. ReachFaults.All, .. TlsFaults.All, .. WebSocketFaults.All, .. MqttFaults.All, .. KafkaFaults.All];
        var seen = new Seen[faults.Length];

        await Parallel.ForAsync(0, faults.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (i, _) => seen[i] = await RunAsync(faults[i]));

        var wrong = seen.Select(one => one.Wrong).OfType<string>().ToList();
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
        var same = seen.GroupBy(one => one.Words).Where(group => group.Count() > 1).Select(group => $"{string.Join(" and ", group.Select(one => one.Fault.Name))} say the same: {group.Key}").ToList();
        Assert.True(same.Count == 0, string.Join("\n", same));
        var words = seen.Select(one => one.Words).Distinct().Count();
        var causes = seen.Select(one => one.Cause).Distinct().Count();
        TestContext.Current.TestOutputHelper?.WriteLine($"{faults.Length} faults, {words} texts, {causes} causes");
        Assert.True(words >= Least && causes >= Least, $"{faults.Length} faults have {words} texts and {causes} causes, {Least} are wanted.");
    }

    private static async Task<Seen> RunAsync(Fault fault)
    {
        await using var bench = new FaultBench();
        var report = await fault.RunAsync(bench);
        var stage = report.Stage(fault.Stage);
        var found = Found(stage, fault.Cause);
        var verdict = fault.IsWarning ? TestVerdict.Warning : TestVerdict.Failed;
        var isFirst = fault.IsWarning || report.FailedStage == stage;
        var wrong = found is null || stage.Verdict != verdict || !isFirst ? $"{fault.Name}: expected {fault.Cause} at {fault.Stage}.\n{ReportAssert.Text(report)}"
            : found.Value.Words.Length == 0 ? $"{fault.Name}: there are no words."
            : !found.Value.Fix.Contains(fault.Fix, StringComparison.Ordinal) ? $"{fault.Name}: the fix lacks '{fault.Fix}': {found.Value.Fix}"
            : null;
        return new Seen(fault, found?.Cause ?? "", Variable().Replace(found?.Words ?? fault.Name, "#"), wrong);
    }

    /// <summary>The cause of the stage, or one of several that it found. A cause may be given by its beginning.</summary>
    private static (string Cause, string Words, string Fix)? Found(StageResult stage, string cause)
    {
        if (stage.Cause?.StartsWith(cause, StringComparison.Ordinal) is true)
            return (stage.Cause, stage.Explanation ?? "", stage.Fix ?? "");
        return stage.Evidence["problems"]?.AsArray().FirstOrDefault(problem => (string)problem!["cause"]! == cause) is { } other
            ? (cause, (string)other["message"]!, (string)other["fix"]!)
            : null;
    }

    private sealed record Seen(Fault Fault, string Cause, string Words, string? Wrong);

    // Ports, dates, paths and fingerprints make no text its own.
    [GeneratedRegex(@"[0-9a-f]{8,}|(?<!SHA-\d*)\d+|/tmp/\S+")]
    private static partial Regex Variable();
}
