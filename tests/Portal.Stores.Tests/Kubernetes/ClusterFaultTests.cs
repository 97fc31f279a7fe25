using System.Collections.Concurrent;
using Portal.KubernetesServer;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Stores.Tests.Contract;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>What goes wrong between the portal and a cluster: nothing is lost, nothing is applied twice, and the state says what it is.</summary>
public sealed class ClusterFaultTests
{
    private const ResourceKind Kind = ResourceKind.DataflowEndpoint;

    [Fact]
    public async Task A_cut_watch_goes_on_where_it_was_and_begins_anew_when_that_is_forgotten()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
        var told = new ConcurrentQueue<(string?, bool, string?)>();
        cluster.Store.Changed += change => told.Enqueue((change.Name, change.Outside, ContractSamples.Host(change.After)));
        await cluster.PutOutsideAsync(ContractSamples.Foreign("line3", "one.example:1"));
        await ToldAsync(1);

        // Changes while nobody listens: told once each, from the version that was known.
        var lists = Lists();
        cluster.Server.Faults.Add(FaultKind.Status, "GET", "watch=true", times: 3, status: 503);
        cluster.Server.CutWatches();
        await Wait.UntilAsync(() => cluster.Server.WatchCount == 0, "the watches are cut");
        await cluster.MergeOutsideAsync("line3", """{"spec":{"mqttSettings":{"host":"two.example:1"}}}""");
        await ToldAsync(2);
        Assert.Equal(lists, Lists());

        // The same with the history gone: listed anew, and again told once; what was deleted meanwhile too.
        await cluster.WatchedAsync();
        cluster.Server.Faults.Add(FaultKind.Status, "GET", "watch=true", times: 3, status: 503);
        cluster.Server.CutWatches();
        await Wait.UntilAsync(() => cluster.Server.WatchCount == 0, "the watches are cut again");
        await cluster.DeleteOutsideAsync(Kind, "line3");
        await cluster.SendAsync("POST", TestCluster.Resources + "dataflowendpoints", ContractSamples.Foreign("line4", "three.example:1"));
        cluster.Server.Compact();
        await ToldAsync(4);
        Assert.True(Lists() > lists);

        Assert.Equal(
            [("line3", true, "one.example:1"), ("line3", true, "two.example:1"), ("line3", true, null), ("line4", true, "three.example:1")],
            told);
        Assert.Equal(TargetState.Ready, cluster.Store.State);

        int Lists() => cluster.Server.Requests.Count(request => request.PathAndQuery.Contains("dataflowendpoints?limit", StringComparison.Ordinal));

        Task ToldAsync(int count) => Wait.UntilAsync(() => told.Count >= count, $"{count} changes are told", lastSeen: () => $"{string.Join('\n', told)}\n{cluster.Log.Text}");
    }

    [Theory]
    [InlineData(FaultKind.CutAfter, 1)]
    [InlineData(FaultKind.CutBefore, 2)]
    public async Task An_apply_that_is_cut_off_is_read_back_and_not_made_twice(FaultKind fault, int applies)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
        var told = new ConcurrentQueue<bool>();
        cluster.Store.Changed += change => told.Enqueue(change.Outside);

        cluster.Server.Faults.Add(fault, "PATCH");
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));
        Assert.Equal(1L, (long)(await cluster.ReadOutsideAsync(Kind, "line3"))!["metadata"]!["generation"]!);
        // The server notes a request once it is done with it, and a cut is seen here before that.
        await Wait.UntilAsync(() => Applies() >= applies, "the server noted the applies");
        Assert.Equal(applies, Applies());

        cluster.Server.Faults.Add(fault, "DELETE");
        Assert.IsType<StoreResult.Saved>(await cluster.Store.DeleteAsync(Kind, "line3", Precondition.None));
        Assert.Null(await cluster.ReadOutsideAsync(Kind, "line3"));
        Assert.Equal([false, false], told);

        int Applies() => cluster.Server.Requests.Count(request => request.Method == "PATCH");
    }

    /// <summary>A page that is closed meanwhile calls nothing back: what was sent is ours, and a take-over is not left half done.</summary>
    [Fact]
    public async Task A_change_that_was_sent_is_ours_though_nobody_waits_for_it()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
        var told = new ConcurrentQueue<bool>();
        cluster.Store.Changed += change => told.Enqueue(change.Outside);

        ContractSamples.Saved(await LeftAsync("PATCH", gone => cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New, gone)));
        Assert.NotNull(await cluster.ReadOutsideAsync(Kind, "line3"));
        Assert.IsType<StoreResult.Saved>(await LeftAsync("DELETE", gone => cluster.Store.DeleteAsync(Kind, "line3", Precondition.None, gone)));
        Assert.Null(await cluster.ReadOutsideAsync(Kind, "line3"));
        Assert.Equal([false, false], told);

        async Task<StoreResult> LeftAsync(string method, Func<CancellationToken, Task<StoreResult>> change)
        {
            using var gone = new CancellationTokenSource();
            cluster.Server.Faults.Add(FaultKind.Hang, method, "dataflowendpoints");
            var running = change(gone.Token);
            await Wait.UntilAsync(() => cluster.Server.Faults.AreMet, "the change is sent");
            await gone.CancelAsync();
            cluster.Server.Faults.Clear();
            return await Wait.ForAsync(running, "the change is known");
        }
    }

    [Fact]
    public async Task A_busy_or_failing_server_is_waited_for_as_long_as_it_asks()
    {
        var clock = new FastClock();
        await using var cluster = await TestCluster.StartAsync(clock: clock);
        await cluster.BecomesAsync(TargetCondition.Ready);
        cluster.Server.Faults.Add(FaultKind.Status, "PATCH", status: 429, retryAfter: 7);
        cluster.Server.Faults.Add(FaultKind.Status, "GET", "dataflowendpoints/line3", times: 2, status: 503);
        var stored = ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));
        Assert.Contains(TimeSpan.FromSeconds(7), clock.Asked);

        cluster.Server.Faults.Add(FaultKind.Status, times: 1000, status: 503);
        var unavailable = Assert.IsType<StoreResult.Unavailable>(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3", "b"), Precondition.At(stored.Revision)));
        Assert.Contains("unable to handle", unavailable.Message);
        Assert.Equal(stored, await cluster.Store.FindAsync(Kind, "line3"));
        cluster.Server.Faults.Clear();
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3", "b"), Precondition.At(stored.Revision)));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    public async Task A_server_that_refuses_one_request_for_a_while_is_there_and_its_watches_go_on(int status)
    {
        await using var cluster = await TestCluster.StartAsync(clock: new FastClock());
        await cluster.BecomesAsync(TargetCondition.Ready);
        await cluster.WatchedAsync();
        var (watches, states) = (Watches(), new ConcurrentQueue<TargetState>());
        cluster.Store.StateChanged += () => states.Enqueue(cluster.Store.State);

        foreach (var path in new[] { "/secrets", "/configmaps", "selfsubjectrulesreviews" })
            cluster.Server.Faults.Add(FaultKind.Status, path: path, times: 5, status: status);
        Assert.Empty(await cluster.Target.Secrets.ListVaultAsync());
        Assert.Empty(await cluster.Target.ConfigMaps.ListAsync());
        await Wait.UntilAsync(() => cluster.Log.Text.Contains("What the portal may do in the cluster is not known", StringComparison.Ordinal), "the rights are asked for", lastSeen: () => cluster.Log.Text);
        var told = new ConcurrentQueue<string?>();
        cluster.Store.Changed += change => told.Enqueue(change.Name);
        await cluster.SendAsync("POST", TestCluster.Resources + "dataflowendpoints", ContractSamples.Foreign("line4"));
        await Wait.UntilAsync(() => told.Contains("line4"), "the watch tells of a change");
        Assert.Equal(watches, Watches());
        Assert.Empty(states);

        int Watches() => cluster.Server.Requests.Count(request => request.PathAndQuery.Contains("dataflowendpoints?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rights_are_looked_at_again_after_the_portal_failed_at_it()
    {
        await using var cluster = await TestCluster.StartAsync(kubeconfig: server => server.Kubeconfig("first-token"), clock: new FastClock(), prepare: cluster =>
        {
            cluster.Server.SetToken("first-token", new ServerUser("portal", ["system:masters"]));
            cluster.Server.SetToken("viewer-token", new ServerUser("viewer", ["viewers"]));
        });
        await cluster.BecomesAsync(TargetCondition.Ready);
        await cluster.WatchedAsync();
        // No path at all: nothing that is foreseen. The watches that are on do not notice.
        cluster.Options.Kubeconfig = "\0";
        cluster.Server.RevokeToken("first-token");
        await Wait.UntilAsync(() => cluster.Log.Text.Contains("failed while it looked", StringComparison.Ordinal), "it fails", lastSeen: () => cluster.Log.Text);

        cluster.WriteKubeconfig(cluster.Server.Kubeconfig("viewer-token"));
        cluster.Options.Kubeconfig = cluster.Kubeconfig;
        await cluster.BecomesAsync(TargetCondition.ReadOnly, "rights-missing");
    }

    [Fact]
    public async Task An_expired_token_is_a_state_until_it_is_renewed()
    {
        await using var cluster = await TestCluster.StartAsync(kubeconfig: server => server.Kubeconfig(tokenFile: "token"), clock: new FastClock(), prepare: cluster => cluster.Write("token", "first-token"));
        await cluster.BecomesAsync(TargetCondition.Unavailable, "token-refused");
        Assert.Contains("Sign in", cluster.Store.State.Fix);
        Assert.IsType<StoreResult.Denied>(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));

        cluster.Server.SetToken("second-token", new ServerUser("portal", ["system:masters"]));
        cluster.Write("token", "second-token");
        await cluster.BecomesAsync(TargetCondition.Ready);
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));
        cluster.Server.RevokeToken("second-token");
        cluster.Server.CutWatches();
        await cluster.BecomesAsync(TargetCondition.Unavailable, "token-refused");
        Assert.Equal("line3.example:8883", ContractSamples.Host(await cluster.Store.FindAsync(Kind, "line3")));
        // Written into the kubeconfig itself, as a sign-in tool does.
        cluster.WriteKubeconfig(cluster.Server.Kubeconfig());
        await cluster.BecomesAsync(TargetCondition.Ready);
        Assert.DoesNotContain("-token", cluster.Log.Text);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_a_state_with_what_was_read_last()
    {
        await using var cluster = await TestCluster.StartAsync(clock: new FastClock());
        await cluster.BecomesAsync(TargetCondition.Ready);
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));

        await cluster.Server.StopAsync();
        await cluster.BecomesAsync(TargetCondition.Unavailable, "unreachable");
        Assert.Contains(cluster.Server.Address, cluster.Store.State.Message);
        Assert.NotNull(await cluster.Store.FindAsync(Kind, "line3"));
        Assert.IsType<StoreResult.Unavailable>(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3", "b"), Precondition.None));

        Assert.Empty(await cluster.Target.ConfigMaps.ListAsync());
        var told = 0;
        cluster.Target.ConfigMaps.Changed += () => Interlocked.Increment(ref told);
        await cluster.Server.StartAgainAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
        // Pages that showed none read again.
        await Wait.UntilAsync(() => told > 0, "the config maps are told of");
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3", "b"), Precondition.None));
    }

    [Fact]
    public async Task Missing_definitions_are_a_state_until_they_are_installed()
    {
        await using var cluster = await TestCluster.StartAsync(new ServerOptions { HasDefinitions = false, UsesTls = false }, clock: new FastClock());
        await cluster.BecomesAsync(TargetCondition.Unavailable, "definitions-missing");
        Assert.Contains("kubectl apply", cluster.Store.State.Fix);
        Assert.Empty((await cluster.Store.ListAsync()).Resources);
        cluster.Server.InstallDefinitions();
        await cluster.BecomesAsync(TargetCondition.Ready);
    }

    [Fact]
    public async Task Missing_rights_are_named_with_the_role_that_grants_them()
    {
        await using var cluster = await TestCluster.StartAsync(new ServerOptions(), server => server.Kubeconfig("viewer-token"), clock: new FastClock(), prepare: cluster =>
        {
            cluster.Server.SetToken("viewer-token", new ServerUser("viewer", ["viewers"]));
            cluster.Write("admin", cluster.Server.Kubeconfig());
        });
        await cluster.BecomesAsync(TargetCondition.Unavailable, "rights-missing");

        const string reader = """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"reader"},"rules":[{"apiGroups":["connectivity.iotoperations.azure.com"],"resources":["*"],"verbs":["get","list","watch"]}]}""";
        const string binding = """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"reader"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"reader"},"subjects":[{"kind":"User","name":"viewer"}]}""";
        await cluster.SendAsync("POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/azure-iot-operations/roles", System.Text.Json.Nodes.JsonNode.Parse(reader));
        await cluster.SendAsync("POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/azure-iot-operations/rolebindings", System.Text.Json.Nodes.JsonNode.Parse(binding));
        await cluster.BecomesAsync(TargetCondition.ReadOnly, "rights-missing");
        await Wait.UntilAsync(() => cluster.Store.State.Message!.Contains("'viewer' may not create, patch, delete on dataflowendpoints", StringComparison.Ordinal), "the rights are named", lastSeen: () => cluster.Store.State.Message!);
        Assert.Contains("cannot patch", Assert.IsType<StoreResult.Denied>(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New)).Message);

        // The Role as an administrator applies it.
        var role = cluster.Write("role.yaml", cluster.Store.State.Remedy!);
        (await ProcessRunner.RunAsync("kubectl", ["apply", "-f", role], limit: TimeSpan.FromMinutes(1), environment: new Dictionary<string, string?> { ["KUBECONFIG"] = cluster.Path("admin"), ["HOME"] = cluster.Path("") })).MustSucceed();
        await cluster.BecomesAsync(TargetCondition.Ready);
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));
    }
}
