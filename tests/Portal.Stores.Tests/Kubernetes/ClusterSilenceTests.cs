using Portal.KubernetesServer;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Stores.Tests.Contract;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>A cluster that says nothing at all: no answer, no news, no end of the connection. With limits of a second and less.</summary>
public sealed class ClusterSilenceTests
{
    private const ResourceKind Kind = ResourceKind.DataflowEndpoint;

    [Fact]
    public async Task A_request_that_hangs_ends_at_its_limit_and_its_outcome_is_read_back()
    {
        await using var cluster = await StartAsync();
        var stored = ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));

        // Of the apply nobody knows; what is there decides, and it is made once.
        cluster.Server.Faults.Add(FaultKind.Hang, "PATCH");
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3", "b"), Precondition.At(stored.Revision)));
        cluster.Server.Faults.Clear();
        Assert.Equal(2L, (long)(await cluster.ReadOutsideAsync(Kind, "line3"))!["metadata"]!["generation"]!);

        cluster.Server.Faults.Add(FaultKind.Hang, times: 1000);
        var said = Assert.IsType<StoreResult.Unavailable>(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3", "c"), Precondition.None));
        Assert.Contains("does not answer in time", said.Message);
        await cluster.BecomesAsync(TargetCondition.Unavailable, "unreachable");
        Assert.NotNull(await cluster.Store.FindAsync(Kind, "line3"));
        cluster.Server.Faults.Clear();
        await cluster.BecomesAsync(TargetCondition.Ready);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cluster_that_takes_connections_and_never_answers_is_a_state_until_it_does(bool usesTls)
    {
        await using var cluster = await StartAsync(usesTls);
        await cluster.Server.FallSilentAsync();
        await cluster.BecomesAsync(TargetCondition.Unavailable, "unreachable");
        await cluster.Server.StartAgainAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
    }

    [Theory]
    [InlineData(FaultKind.Hang, 300)]
    [InlineData(FaultKind.HangAfterHead, 1)]
    public async Task A_watch_that_does_not_begin_or_falls_silent_is_begun_anew_and_misses_nothing(FaultKind fault, int watchSeconds)
    {
        // Whatever a watch may be silent for, its answer begins at once.
        await using var cluster = await StartAsync(watchLimit: TimeSpan.FromSeconds(watchSeconds));
        cluster.Server.Faults.Add(fault, "GET", "watch=true", times: 3);
        cluster.Server.CutWatches();
        await Wait.UntilAsync(() => cluster.Server.WatchCount == 0, "the watches are cut");
        await cluster.SendAsync("POST", TestCluster.Resources + "dataflowendpoints", ContractSamples.Foreign("line4"));
        await Wait.UntilAsync(async () => await cluster.Store.FindAsync(Kind, "line4") is not null, "what happened in the silence is seen", lastSeen: () => cluster.Log.Text);
        Assert.Equal(TargetState.Ready, cluster.Store.State);
    }

    private static async Task<TestCluster> StartAsync(bool usesTls = false, TimeSpan? watchLimit = null)
    {
        var cluster = await TestCluster.StartAsync(new ServerOptions { UsesTls = usesTls }, prepare: cluster =>
        {
            cluster.Options.RequestLimit = TimeSpan.FromSeconds(1);
            cluster.Options.WatchLimit = watchLimit ?? TimeSpan.FromMinutes(5);
        });
        await cluster.BecomesAsync(TargetCondition.Ready);
        await cluster.WatchedAsync();
        return cluster;
    }
}
