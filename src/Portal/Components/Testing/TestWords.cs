using System.Globalization;
using System.Text;
using Portal.Components.Shared;
using Portal.Messaging.Probes;
using Portal.Resources;

namespace Portal.Components.Testing;

/// <summary>Words of a connection test: outcome, counts, and the whole report as text for a ticket.</summary>
internal static class TestWords
{
    private const int Indent = 9;

    public static string Title(TestStage stage) => Text.Get("Stage_" + stage);

    public static string Outcome(TestReport report) => report.Outcome switch
    {
        TestOutcome.Cancelled => Text.Test_Cancelled,
        TestOutcome.Failed when report.FailedStage is { } failed => Text.Test_FailedAt.With(Text.Get("StageShort_" + failed.Stage)),
        TestOutcome.Failed => Text.State_Failed,
        _ => report.Warnings > 0 ? Text.Test_PassedWarned : Text.State_Passed,
    };

    public static UiState StateOf(TestReport report) => report.Outcome switch
    {
        TestOutcome.Failed => UiState.Failed,
        TestOutcome.Cancelled => UiState.Skipped,
        _ => report.Warnings > 0 ? UiState.Warning : UiState.Passed,
    };

    public static UiState StateOf(TestVerdict verdict) => verdict switch
    {
        TestVerdict.Passed => UiState.Passed,
        TestVerdict.Warning => UiState.Warning,
        TestVerdict.Failed => UiState.Failed,
        _ => UiState.Skipped,
    };

    /// <summary>For example "3 passed, 1 warning, 1 failed, 4 skipped"; what is zero is left out.</summary>
    public static string Counts(IReadOnlyList<StageResult> stages)
    {
        var counts = stages.CountBy(stage => stage.Verdict).OrderBy(count => count.Key);
        return string.Join(", ", counts.Select(count => Text.Get(count.Value == 1 ? "Test_One" + count.Key : "Test_Count" + count.Key, count.Value)));
    }

    public static string Milliseconds(double milliseconds) => milliseconds switch
    {
        < 1 => Text.Test_UnderMs,
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:N0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:N1} s"),
    };

    /// <summary>The report as text for a ticket, with what was seen. What a stage says never holds a secret.</summary>
    public static string AsText(TestReport report, IReadOnlyList<string>? changes = null)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Connection test of {report.Endpoint}: {Outcome(report)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Counts(report.Stages)}, {Milliseconds(report.Milliseconds)}");
        text.AppendLine(CultureInfo.InvariantCulture, $"From {report.VantagePoint}, {report.Started.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC").AppendLine();
        foreach (var stage in report.Stages)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{Word(stage.Verdict),-8} {Title(stage.Stage),-36} {(stage.Verdict is TestVerdict.Skipped ? "" : Milliseconds(stage.Milliseconds)),8}  {stage.Summary}");
            if (stage.Explanation is not null)
                Add(text, stage.Explanation);
            if (stage.Fix is not null)
                Add(text, $"{Text.Test_Fix} {stage.Fix}");
            if (stage.Cause is not null)
                Add(text, $"({stage.Cause})");
            if (stage.Verdict is TestVerdict.Failed or TestVerdict.Warning)
                AddEvidence(text, stage);
        }
        if (changes is not null)
        {
            text.AppendLine().AppendLine(Text.Test_Changes);
            foreach (var change in changes.DefaultIfEmpty(Text.Test_NothingChanged))
                Add(text, change);
        }
        return text.ToString();
    }

    private static void AddEvidence(StringBuilder text, StageResult stage)
    {
        foreach (var (name, value) in EvidenceTable.Pairs(stage.Evidence))
            Add(text, $"{name}: {value}");
        foreach (var table in EvidenceTable.Of(stage.Evidence))
        {
            foreach (var row in table.Rows)
                Add(text, string.Join(", ", table.Columns.Zip(row, (column, cell) => $"{column} {cell}")));
        }
        foreach (var certificate in ChainView.Of(stage.Evidence))
            Add(text, $"{certificate.Subject}, {Text.Chain_Issuer} {certificate.Issuer}, {Text.Chain_Expires} {certificate.NotAfter.UtcDateTime:yyyy-MM-dd}, {Text.Chain_Sha} {certificate.Sha256}");
    }

    private static void Add(StringBuilder text, string line) => text.Append(' ', Indent).AppendLine(line);

    public static string Word(TestVerdict verdict) => Text.Get("State_" + StateOf(verdict));
}
