using Portal.Messaging.Probes;

namespace Portal.Messaging.Tests.Support;

/// <summary>Assertions on reports that show the whole report when they fail.</summary>
internal static class ReportAssert
{
    /// <summary>Passed without a warning.</summary>
    public static void Green(TestReport report)
    {
        if (report.Outcome is not TestOutcome.Passed || report.Stages.Any(stage => stage.Verdict is TestVerdict.Failed or TestVerdict.Warning))
            Assert.Fail(Text(report));
    }

    /// <summary>Failed at a stage with a cause; every stage before it is good, and cause, words and fix are there.</summary>
    public static StageResult Failed(TestReport report, TestStage stage, string cause)
    {
        var failed = report.FailedStage;
        if (report.Outcome is not TestOutcome.Failed || failed?.Stage != stage || failed.Cause != cause)
            Assert.Fail($"Expected {cause} at {stage}.\n{Text(report)}");
        Assert.False(string.IsNullOrWhiteSpace(failed!.Explanation), "There is no explanation.");
        Assert.False(string.IsNullOrWhiteSpace(failed.Fix), "There is no fix.");
        return failed;
    }

    /// <summary>Passed with a warning at a stage.</summary>
    public static StageResult Warned(TestReport report, TestStage stage, string cause)
    {
        var warned = report.Stages.Single(one => one.Stage == stage);
        if (report.Outcome is not TestOutcome.Passed || warned.Verdict is not TestVerdict.Warning || warned.Cause != cause)
            Assert.Fail($"Expected the warning {cause} at {stage}.\n{Text(report)}");
        return warned;
    }

    public static StageResult Stage(this TestReport report, TestStage stage) => report.Stages.Single(one => one.Stage == stage);

    public static string Text(TestReport report) => $"{report.Outcome}\n" + string.Join('\n', report.Stages.Select(stage =>
        $"{stage.Stage,-9} {stage.Verdict,-7} {stage.Milliseconds,7} ms  {stage.Summary}{(stage.Cause is null ? "" : $"  [{stage.Cause}] {stage.Explanation} FIX: {stage.Fix}")}\n{stage.Evidence.ToJsonString()}"));
}
