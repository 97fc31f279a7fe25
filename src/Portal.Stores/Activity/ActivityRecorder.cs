using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Ports;

namespace Portal.Stores.Activity;

/// <summary>Writes down what others changed in the store, as the pages write down what users change.</summary>
internal sealed class ActivityRecorder(IResourceStore store, IActivityLog log, TimeProvider time) : BackgroundService
{
    private const string Who = "outside the portal";

    private readonly Channel<(DateTimeOffset At, StoreChange Change)> changes = Channel.CreateUnbounded<(DateTimeOffset, StoreChange)>();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        store.Changed += Take;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        store.Changed -= Take;
        // What was seen is written before the end.
        changes.Writer.TryComplete();
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (at, change) in changes.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (await DescribeAsync(at, change).ConfigureAwait(false) is { } entry)
                await log.AppendAsync(entry, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private void Take(StoreChange change)
    {
        if (change.Outside)
            changes.Writer.TryWrite((time.GetUtcNow(), change));
    }

    private async Task<ActivityEntry?> DescribeAsync(DateTimeOffset at, StoreChange change)
    {
        var (before, after) = (TextOf(change.Before?.Value), TextOf(change.After?.Value));
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
        return new ActivityEntry(at, Who, ActivityAction.ChangedOutside, change.Kind?.ToString() ?? "File", change.Name, summary, before, after);
    }

    private static string? TextOf(Resource? resource) => resource is null ? null : Manifest.Write(resource);
}
