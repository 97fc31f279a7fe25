using Portal.Components.Layout;
using Portal.Components.Secrets;
using Portal.Components.Shared;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Lists;

/// <summary>Something that a person should look at.</summary>
/// <param name="State">Failed or Warning.</param>
/// <param name="Title">What it is.</param>
/// <param name="Detail">What was seen, or what to do.</param>
/// <param name="At">Since when, or until when; null when it has no time.</param>
/// <param name="Action">Words of the button; null when there is nothing to open.</param>
/// <param name="Href">Page that the button opens.</param>
public sealed record Attention(UiState State, string Title, string Detail, DateTimeOffset? At = null, string? Action = null, string? Href = null)
{
    /// <summary>What expires within this time is worth a look.</summary>
    private static readonly TimeSpan Soon = NavCounter.ExpiringSoon;

    /// <summary>Everything, failures first.</summary>
    public static IReadOnlyList<Attention> Find(
        IEnumerable<EndpointRow> endpoints, IEnumerable<FlowRow> flows, IEnumerable<StoreProblem> broken, SecretInventory inventory, IEnumerable<string> notices, DateTimeOffset now)
    {
        var found = broken.Select(OfFile)
            .Concat(flows.Where(FlowFilter.IsTrouble).Select(OfFlow))
            .Concat(endpoints.Where(row => row.Verdict is LastVerdict.Failed or LastVerdict.Warning).OrderByDescending(row => row.Report!.Started).Select(OfTest))
            .Concat(inventory.EndingBefore(now + Soon).Select(ending => OfEnding(ending, now)))
            .Concat(inventory.Vault.Where(row => row.Secret.Problem is not null).Select(row => Secret(Text.Attention_SecretUnusable.With(row.Secret.Name), row.Secret.Problem!)))
            .Concat(inventory.Synced.Where(row => row.IsIncomplete && row.Users.Count > 0).Select(OfSynced))
            .Concat(inventory.ConfigMaps.Where(row => row.Map is null).Select(row => Secret(Text.Attention_NoConfigMap.With(row.Name), Text.Attention_NamedBy.With(Names(row.Users)))))
            .Concat(notices.Select(notice => new Attention(UiState.Warning, Text.Attention_Sandbox, notice)));
        return [.. found.OrderBy(item => item.State is UiState.Failed ? 0 : 1)];
    }

    private static Attention OfFile(StoreProblem problem) => new(
        UiState.Failed, Text.Attention_File.With(problem.Location),
        (problem.Finding.Line is { } line ? Text.Broken_At.With(line, problem.Finding.Column ?? 1) + ": " : "") + problem.Finding.Message,
        null, Text.Attention_OpenList, PortalUrls.Endpoints);

    private static Attention OfTest(EndpointRow row)
    {
        var failed = row.Report!.FailedStage;
        var stage = failed ?? row.Report.Stages.First(stage => stage.Verdict is Messaging.Probes.TestVerdict.Warning);
        return new Attention(
            failed is null ? UiState.Warning : UiState.Failed,
            (failed is null ? Text.Attention_TestWarns : Text.Attention_TestFails).With(row.Name, EndpointRow.StageName(stage.Stage)),
            stage.Explanation ?? stage.Summary, row.Report.Started, Text.Attention_OpenTest, PortalUrls.Endpoint(row.Name, "test"));
    }

    private static Attention OfFlow(FlowRow row) => new(
        UiState.Failed,
        row.State switch
        {
            UiState.WaitingForSource => Text.Attention_FlowWaits.With(row.Name, row.Flow.Source?.EndpointRef),
            UiState.WaitingForDestination => Text.Attention_FlowWaits.With(row.Name, row.Flow.Destination?.EndpointRef),
            UiState.Unknown => Text.Attention_FlowUnknown.With(row.Name),
            _ => Text.Attention_FlowFails.With(row.Name),
        },
        (row.Status.Problem?.Message ?? "") + (row.State is UiState.WaitingForDestination ? " " + Text.Flow_HoldsDestination.With(Dataflows.FlowWords.Count(row.Status.Ledger.InFlight)) : ""),
        row.Status.Problem?.At, Text.Attention_OpenFlow, PortalUrls.Dataflow(row.Name));

    private static Attention OfEnding(Ending ending, DateTimeOffset now) => new(
        ending.At <= now ? UiState.Failed : UiState.Warning,
        (ending.At <= now ? Text.Attention_Expired : Text.Attention_Expires).With(ending.Name),
        (ending.IsCertificate ? Text.Attention_InConfigMap : ending.Holder.Length > 0 ? Text.Attention_InSecret : Text.Attention_InVault).With(ending.Holder)
            + (ending.Users.Count == 0 ? Text.Attention_NoUser : Text.Attention_UsedBy.With(Names(ending.Users))),
        ending.At, Text.Attention_OpenSecrets, PortalUrls.Secrets);

    private static Attention OfSynced(SyncedRow row) => row.Secret is null
        ? Secret(Text.Attention_NoSecret.With(row.Name), Text.Attention_NamedBy.With(Names(row.Users)))
        : Secret(
            Text.Attention_SecretIncomplete.With(row.Name),
            row.Secret.Problem ?? Text.Attention_SecretLacks.With(string.Join(", ", row.Entries.Where(entry => entry.Vault is null).Select(entry => entry.Key)), Names(row.Users)));

    private static Attention Secret(string title, string detail) => new(UiState.Warning, title, detail, null, Text.Attention_OpenSecrets, PortalUrls.Secrets);

    private static string Names(IReadOnlyList<string> names) => names.Count <= 3 ? string.Join(", ", names) : Text.Attention_NamesMore.With(string.Join(", ", names.Take(2)), names.Count - 2);
}
