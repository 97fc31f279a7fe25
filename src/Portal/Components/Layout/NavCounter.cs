using System.Threading.Channels;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Components.Layout;

/// <summary>Keeps the numbers of the navigation true: counts after changes, a burst at once, and hourly for expiry.</summary>
internal sealed partial class NavCounter(
    ShellInfo shell, IResourceStore resources, ISecretStore secrets, TimeProvider time, ILogger<NavCounter> logger) : BackgroundService
{
    /// <summary>A secret that expires within this time is counted.</summary>
    public static readonly TimeSpan ExpiringSoon = TimeSpan.FromDays(30);

    private static readonly TimeSpan Recount = TimeSpan.FromHours(1);

    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void Tell() => _news.Writer.TryWrite(true);
        void TellChange(StoreChange change) => Tell();

        resources.Changed += TellChange;
        secrets.Changed += Tell;
        await using var timer = time.CreateTimer(_ => Tell(), null, Recount, Recount);
        try
        {
            Tell();
            await foreach (var _ in _news.Reader.ReadAllAsync(stoppingToken))
                await CountAsync(stoppingToken);
        }
        finally
        {
            resources.Changed -= TellChange;
            secrets.Changed -= Tell;
        }
    }

    private async Task CountAsync(CancellationToken cancellationToken)
    {
        try
        {
            var listing = await resources.ListAsync(cancellationToken);
            var soon = time.GetUtcNow() + ExpiringSoon;
            var vault = await secrets.ListVaultAsync(cancellationToken);
            shell.SetCounts(new NavCounts(
                listing.Of(ResourceKind.DataflowEndpoint).Count(), vault.Count(secret => secret.ExpirationDate < soon), listing.Of(ResourceKind.Dataflow).Count()));
        }
        catch (IOException failure)
        {
            NotCounted(logger, failure);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The numbers of the navigation could not be counted; the next change tries again")]
    private static partial void NotCounted(ILogger logger, Exception exception);
}
