using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Stores.Files;

namespace Portal.Stores.Activity;

/// <summary>Writes down what others changed in the store, as the pages write down what users change.</summary>
internal sealed class ActivityRecorder(IResourceStore store, IActivityLog log, TimeProvider time, ManifestFolder? manifests = null) : BackgroundService
{
    private const string Who = "outside the portal";

    private readonly Channel<OutsideChange> changes = Channel.CreateUnbounded<OutsideChange>();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.Changed += Take;
        // Config maps of a folder; a cluster tells only that one changed.
        if (manifests is not null)
            manifests.Changed += TakeConfigMap;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        store.Changed -= Take;
        if (manifests is not null)
            manifests.Changed -= TakeConfigMap;
        // What was seen is written before the end.
        changes.Writer.TryComplete();
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var change in changes.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (await DescribeAsync(change).ConfigureAwait(false) is { } entry)
                await log.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void Take(StoreChange change)
    {
        if (change.Outside)
            changes.Writer.TryWrite(new(time.GetUtcNow(), change.Kind?.ToString() ?? "File", change.Name, change.Location, TextOf(change.Before), TextOf(change.After)));
    }

    private void TakeConfigMap(ManifestChange change)
    {
        if (change.Outside && change.Key?.Kind == ConfigMapManifest.Kind)
            changes.Writer.TryWrite(new(time.GetUtcNow(), ConfigMapManifest.Kind, change.Name, change.Location, TextOf(change.Before?.ConfigMap), TextOf(change.After?.ConfigMap)));
    }

    private async Task<ActivityEntry?> DescribeAsync(OutsideChange change)
    {
        var (before, after) = (change.Before, change.After);
        // Comments, or a file that moved: nothing that the resource says.
        if (before == after && before is not null)
            return null;
        var problem = after is null
            ? (await store.ListAsync(CancellationToken.None).ConfigureAwait(false)).Problems.FirstOrDefault(problem => problem.Location == change.Location)
            : null;
        if (change.Name is null || (before is null && after is null && problem is null))
            return null;
        var summary = (before, after, problem) switch
        {
            (_, _, not null) => $"{change.Location} can no longer be used: {problem.Finding.Message}",
            (null, _, _) => $"Added as {change.Location}",
            (_, null, _) => $"Removed with {change.Location}",
            _ => $"Changed in {change.Location}",
        };
        return new ActivityEntry(change.At, Who, ActivityAction.ChangedOutside, change.Kind, change.Name, summary, before, after);
    }

    private static string? TextOf(StoredResource? stored) => stored is null ? null : Manifest.Write(stored.Value);

    private static string? TextOf(ConfigMap? map) => map is null ? null : Yaml.Write(ConfigMapManifest.Write(map.Name, map.Data, null));

    private sealed record OutsideChange(DateTimeOffset At, string Kind, string? Name, string Location, string? Before, string? After);
}
