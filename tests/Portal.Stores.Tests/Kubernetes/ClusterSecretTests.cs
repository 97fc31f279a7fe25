using System.Text;
using System.Text.Json.Nodes;
using Portal.KubernetesServer;
using Portal.Model.Ports;
using Portal.Stores.Kubernetes;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Kubernetes;

public sealed class ClusterSecretTests
{
    private const string Core = "/api/v1/namespaces/azure-iot-operations/";

    [Fact]
    public async Task Secrets_are_written_for_the_operator_and_only_names_and_keys_come_back()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
        var (secrets, reader) = (cluster.Target.Secrets, cluster.Target.SecretReader);
        var expires = new DateTimeOffset(2027, 5, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.IsType<StoreResult.Saved>(await secrets.SetVaultAsync("Line3-password", new SecretValue("hunter-one"), null, expires));
        Assert.IsType<StoreResult.Saved>(await secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string> { ["password"] = "line3-Password" })));
        Assert.Equal("hunter-one", await ValueAsync("line3", "password"));
        Assert.IsType<StoreResult.Denied>(await secrets.DeleteVaultAsync("line3-password"));

        // A new value reaches the copies; keys of others stay, and can be left out.
        await cluster.SendAsync("PATCH", Core + "secrets/line3", JsonNode.Parse("""{"stringData":{"token":"hunter-two"}}"""), "application/merge-patch+json");
        Assert.IsType<StoreResult.Saved>(await secrets.SetVaultAsync("line3-password", new SecretValue("hunter-three"), null, null));
        Assert.Equal(("hunter-three", "hunter-two"), (await ValueAsync("line3", "password"), await ValueAsync("line3", "token")));
        var vault = Assert.Single(await secrets.ListVaultAsync());
        Assert.Equal(("line3-password", null), (vault.Name, vault.ExpirationDate));
        var synced = Assert.Single(await secrets.ListSyncedAsync());
        Assert.Equal([("password", "line3-Password"), ("token", "line3/token")], synced.Entries.Select(entry => (entry.Key, entry.Value)));
        Assert.Equal(
            [("password", "line3-password", "hunter-three"), ("token", "line3/token", "hunter-two")],
            (await reader.ResolveAsync("line3"))!.Select(entry => (entry.Key, entry.Secret.Name, entry.Value!.Reveal())).Order());
        Assert.Null(await reader.ResolveAsync("absent"));
        Assert.IsType<StoreResult.Saved>(await secrets.SaveSyncedAsync(synced with { Entries = new Dictionary<string, string> { ["token"] = "line3/token" } }));
        Assert.Equal((null, "hunter-two"), (await ValueAsync("line3", "password"), await ValueAsync("line3", "token")));

        Assert.IsType<StoreResult.Saved>(await secrets.DeleteVaultAsync("line3-password"));
        Assert.IsType<StoreResult.Saved>(await secrets.DeleteSyncedAsync("line3"));
        Assert.IsType<StoreResult.Conflict>(await secrets.DeleteSyncedAsync("line3"));
        Assert.IsType<StoreResult.Invalid>(await secrets.SaveSyncedAsync(new SyncedSecret("line4", new Dictionary<string, string> { ["password"] = "nowhere" })));
        Assert.DoesNotContain("hunter", cluster.Log.Text + string.Join('\n', cluster.Server.Requests));

        async Task<string?> ValueAsync(string name, string key)
            => (string?)(await cluster.SendAsync("GET", $"{Core}secrets/{name}"))!["data"]![key] is { } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : null;
    }

    [Fact]
    public async Task Secrets_that_cannot_be_read_are_not_missing()
    {
        await using var cluster = await TestCluster.StartAsync(clock: new FastClock());
        await cluster.BecomesAsync(TargetCondition.Ready);
        await cluster.SendAsync("POST", Core + "secrets", JsonNode.Parse("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"line3"},"type":"Opaque","stringData":{"password":"hunter-one"}}"""));
        Assert.Single((await cluster.Target.SecretReader.ResolveAsync("line3"))!);

        cluster.Server.Faults.Add(FaultKind.Status, "GET", "/secrets", times: 2, status: 403);
        await RefusedAsync("The cluster refuses", "grant the right");
        await cluster.Server.StopAsync();
        await RefusedAsync("cannot be reached", "Check that the cluster is up");

        async Task RefusedAsync(string message, string fix)
        {
            foreach (var read in new Func<Task>[] { () => cluster.Target.SecretReader.ResolveAsync("line3"), () => cluster.Target.Secrets.FindSyncedAsync("line3") })
            {
                var unavailable = await Assert.ThrowsAsync<SecretsUnavailableException>(read);
                Assert.Contains(message, unavailable.Message, StringComparison.Ordinal);
                Assert.Contains(fix, unavailable.Fix, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Config_maps_that_are_missing_and_that_cannot_be_read_are_told_apart_by_each_read()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
        cluster.Server.Faults.Add(FaultKind.Status, "GET", "/configmaps/line3", times: 20, status: 403);
        var lookups = await Task.WhenAll(Enumerable.Range(0, 40).Select(number => cluster.Target.ConfigMaps.LookUpAsync(number % 2 == 0 ? "line3" : "absent")));
        Assert.All(lookups, lookup => Assert.Null(lookup.Found));
        Assert.All(lookups.Where((_, number) => number % 2 == 0), lookup => Assert.Contains("cannot be read: The cluster refuses", lookup.Hidden!.Message, StringComparison.Ordinal));
        Assert.All(lookups.Where((_, number) => number % 2 == 1), lookup => Assert.Null(lookup.Hidden));
    }

    [Fact]
    public async Task Config_maps_with_certificates_are_kept_beside_the_others_of_the_cluster()
    {
        using var authority = TestAuthority.CreateRoot();
        await using var cluster = await TestCluster.StartAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
        var maps = cluster.Target.ConfigMaps;
        await cluster.SendAsync("POST", Core + "configmaps", JsonNode.Parse("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings"},"data":{"a":"b"}}"""));
        Assert.IsType<StoreResult.Saved>(await maps.SaveAsync(new ConfigMap("line3-ca", new Dictionary<string, string> { ["ca.crt"] = authority.CertificatePem, ["old.crt"] = authority.CertificatePem })));
        await cluster.SendAsync("PATCH", Core + "configmaps/line3-ca", JsonNode.Parse("""{"metadata":{"labels":{"site":"north"}}}"""), "application/merge-patch+json");
        var stored = Assert.Single(await maps.ListAsync());
        Assert.IsType<StoreResult.Saved>(await maps.SaveAsync(stored with { Data = new Dictionary<string, string> { ["ca.crt"] = authority.CertificatePem } }));
        var live = (await cluster.SendAsync("GET", Core + "configmaps/line3-ca"))!;
        Assert.Equal(("north", 1), ((string)live["metadata"]!["labels"]!["site"]!, live["data"]!.AsObject().Count));
        Assert.IsType<StoreResult.Conflict>(await maps.SaveAsync(stored));
        Assert.IsType<StoreResult.Invalid>(await maps.SaveAsync(new ConfigMap("line4-ca", new Dictionary<string, string> { ["ca.crt"] = "none" })));
        Assert.IsType<StoreResult.Saved>(await maps.DeleteAsync("line3-ca"));
        Assert.Null(await maps.FindAsync("line3-ca"));
    }

    [Fact]
    public async Task Options_that_cannot_work_are_told_with_key_value_and_what_is_allowed()
    {
        using var folder = new TemporaryFolder();
        await using var server = await KubernetesApiServer.StartAsync(new ServerOptions { UsesTls = false });
        var path = folder.Write("config", server.Kubeconfig(tokenFile: "token"));
        Assert.Empty(new KubernetesOptions { Kubeconfig = path }.Check("Portal:Targets:1"));
        Assert.Equal([$"Portal:Targets:1:Context is 'prod', which {path} does not have. It has: test."], new KubernetesOptions { Kubeconfig = path, Context = "prod" }.Check("Portal:Targets:1"));
        Assert.Contains("Kubeconfig is '/nowhere/config', which is not there.", Assert.Single(new KubernetesOptions { Kubeconfig = "/nowhere/config" }.Check("Portal:Targets:1")));
        Assert.Contains("Namespace is 'Plant 3'.", Assert.Single(new KubernetesOptions { Kubeconfig = path, Namespace = "Plant 3" }.Check("Portal:Targets:1")));
        Assert.Contains("does not run in a pod", Assert.Single(new KubernetesOptions { InCluster = true }.Check("Portal:Targets:1")));
        var broken = folder.Write("broken", "users: [{name: a, user: {token: secret-text}}");
        var fault = Assert.Single(new KubernetesOptions { Kubeconfig = broken }.Check("Portal:Targets:1"));
        Assert.Contains("cannot be read as a kubeconfig", fault);
        Assert.DoesNotContain("secret-text", fault);
    }
}
