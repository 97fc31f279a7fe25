using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

/// <summary>Config maps of a cluster that does not answer for a while, read through a store that has little patience.</summary>
public sealed class PatientConfigMapsTests : IConfigMapStore
{
    private readonly TaskCompletionSource answer = new();
    private int reads;

    public StoreResult.Denied? Hidden { get; private set; }

    public event Action? Changed { add { } remove { } }

    [Fact]
    public async Task A_cluster_that_says_nothing_is_waited_for_once_and_told_when_it_answers()
    {
        using var maps = new PatientConfigMaps(this, new QuickTime());
        var told = 0;
        maps.Changed += () => Interlocked.Increment(ref told);
        Assert.Empty(await maps.ListAsync());
        Assert.Contains("not answered yet", maps.Hidden!.Message, StringComparison.Ordinal);
        Assert.Empty(await maps.ListAsync());
        Assert.Equal(1, reads);
        Assert.Contains("not answered yet", (await maps.LookUpAsync("line3-ca")).Hidden!.Message, StringComparison.Ordinal);

        // It fails in the end, and is asked again without anybody opening a page.
        Hidden = new StoreResult.Denied("The cluster is not there.", "Start it.");
        answer.SetResult();
        await Wait.UntilAsync(() => Volatile.Read(ref reads) > 3, "it is asked again");
        Assert.Equal("The cluster is not there.", maps.Hidden!.Message);
        Assert.Empty(await maps.ListAsync());
        Assert.Equal(Hidden, (await maps.LookUpAsync("line3-ca")).Hidden);
        Hidden = null;
        await Wait.UntilAsync(() => Volatile.Read(ref told) > 0, "the end of it is told");
        Assert.Null(maps.Hidden);
        Assert.Equal("line3-ca", Assert.Single(await maps.ListAsync()).Name);
    }

    public async Task<IReadOnlyList<ConfigMap>> ListAsync(CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref reads);
        await answer.Task;
        return Hidden is null ? [new ConfigMap("line3-ca", new Dictionary<string, string>())] : [];
    }

    public async Task<ConfigMap?> FindAsync(string name, CancellationToken cancellationToken = default) => (await ListAsync(cancellationToken)).FirstOrDefault();

    public Task<StoreResult> SaveAsync(ConfigMap configMap, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<StoreResult> DeleteAsync(string name, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
