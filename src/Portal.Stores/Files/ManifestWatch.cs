using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Portal.Stores.Files;

/// <summary>
/// Takes over outside changes within a second: the system tells when something changed, and a look now and then finds what
/// it did not tell (network disks, full queues).
/// </summary>
internal sealed class ManifestWatch(ManifestFolder manifests, TimeProvider time, ILogger<ManifestWatch> logger) : BackgroundService
{
    private const int MostLooks = 3;
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(60);
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(120);
    private static readonly TimeSpan ShortestPoll = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(10);

    private readonly Channel<bool> news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private FileSystemWatcher? watcher;
    private bool isUnwatchable;

    public override void Dispose()
    {
        watcher?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var cost = TimeSpan.Zero;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // What changed between reading the folder and watching it was told to nobody.
                if (!Watch() && await IsToldAsync(PollAfter(cost), stoppingToken).ConfigureAwait(false))
                    await Task.Delay(Max(Quiet, Min(cost * 5, ShortestPoll)), time, stoppingToken).ConfigureAwait(false);
                news.Reader.TryRead(out _);
                cost = await LookAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Without this loop the pages would go stale in silence.
                logger.WatchFailed(exception, manifests.Path);
                cost = LongestPoll;
            }
        }
    }

    private async Task<TimeSpan> LookAsync(CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var started = time.GetTimestamp();
            if (await manifests.RefreshAsync(look == MostLooks, cancellationToken).ConfigureAwait(false))
                return time.GetElapsedTime(started);
            await Task.Delay(Settling, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsToldAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var told = news.Reader.WaitToReadAsync(either.Token).AsTask();
        var first = await Task.WhenAny(told, Task.Delay(limit, time, either.Token)).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return first == told;
    }

    // Looking at 10,000 files costs tens of milliseconds: with a watcher that is spent seldom, without one as seldom as a second allows.
    private TimeSpan PollAfter(TimeSpan cost) => watcher is null ? ShortestPoll : Max(ShortestPoll, Min(cost * 50, LongestPoll));

    /// <summary>True when watching began just now.</summary>
    private bool Watch()
    {
        if (watcher is not null && !Directory.Exists(manifests.Path))
        {
            // A folder that is made anew is another one to the system.
            watcher.Dispose();
            watcher = null;
        }
        if (watcher is not null || isUnwatchable || !Directory.Exists(manifests.Path))
            return false;
        var created = new FileSystemWatcher(manifests.Path)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        created.Created += (_, _) => news.Writer.TryWrite(true);
        created.Changed += (_, _) => news.Writer.TryWrite(true);
        created.Deleted += (_, _) => news.Writer.TryWrite(true);
        created.Renamed += (_, _) => news.Writer.TryWrite(true);
        created.Error += (_, _) => news.Writer.TryWrite(true);
        try
        {
            created.EnableRaisingEvents = true;
            watcher = created;
            return true;
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            created.Dispose();
            isUnwatchable = true;
            logger.NotWatched(manifests.Path, exception.Message);
            return false;
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
