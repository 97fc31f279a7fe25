using System.Text.RegularExpressions;
using Portal.KubernetesServer;
using Portal.Model.Ports;
using Portal.Stores.Kubernetes;
using Portal.Stores.Tests.Contract;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>The ways to sign in to a cluster: several kubeconfigs, a certificate, a program, the files of a pod.</summary>
public sealed class ClusterSignInTests
{
    private static readonly ServerUser Admin = new("portal", ["system:masters"]);

    [Fact]
    public async Task Several_kubeconfigs_are_one_and_paths_are_those_of_their_own_file()
    {
        await using var cluster = await TestCluster.StartAsync(kubeconfig: _ => "apiVersion: v1\nkind: Config\ncurrent-context: plant\ncontexts:\n- name: plant\n  context:\n    cluster: test\n    user: test\n", prepare: cluster =>
        {
            cluster.Write("more/config", cluster.Server.Kubeconfig(tokenFile: "here/token"));
            cluster.Write("more/here/token", KubernetesApiServer.AdminToken);
            // Of one name the first holds.
            cluster.Write("last", cluster.Server.Kubeconfig("no-such-token").Replace(cluster.Server.Address, "http://127.0.0.1:1", StringComparison.Ordinal));
            cluster.Options = new KubernetesOptions { Environment = string.Join(Path.PathSeparator, cluster.Kubeconfig, cluster.Path("missing"), cluster.Path("more/config"), cluster.Path("last")) };
        });
        await cluster.BecomesAsync(TargetCondition.Ready);
        Assert.Empty(cluster.Options.Check("Portal:Targets:0"));
        var none = new KubernetesOptions { Environment = string.Join(Path.PathSeparator, "/nowhere/one", "/nowhere/two") };
        Assert.Contains("Kubeconfig is '/nowhere/one:/nowhere/two', which is not there.", Assert.Single(none.Check("Portal:Targets:0")));
    }

    [Fact]
    public async Task A_client_certificate_signs_in()
    {
        await using var cluster = await TestCluster.StartAsync(new ServerOptions(), server => server.Kubeconfig(user: "client-certificate: portal.crt\n    client-key: portal.key"), prepare: cluster =>
        {
            using var certificate = cluster.Server.CreateClient(Admin);
            cluster.Write("portal.crt", certificate.CertificatePem);
            cluster.Write("portal.key", certificate.KeyPem);
        });
        await cluster.BecomesAsync(TargetCondition.Ready);
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));
    }

    [Fact]
    public async Task A_sign_in_program_gives_a_token_and_is_asked_again_when_that_is_refused()
    {
        // Ends long ago by its own account: a clock that is wrong does not make every request sign in.
        await using var cluster = await TestCluster.StartAsync(kubeconfig: _ => "", clock: new FastClock(), prepare: cluster =>
        {
            cluster.Server.SetToken("first-token", Admin);
            cluster.Write("token", "first-token");
            Script(cluster, """
                echo run >> "$0.runs"
                echo "a note that is none of our business" >&2
                printf '{"apiVersion":"%s","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"2020-01-01T00:00:00Z"}}' "$2" "$(cat "$1")"
                """);
        });
        cluster.WriteKubeconfig(cluster.Server.Kubeconfig(user: Exec(cluster.Path("token"), "client.authentication.k8s.io/v1")));
        await cluster.BecomesAsync(TargetCondition.Ready);
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));
        Assert.Single(File.ReadAllLines(cluster.Path("sign in.sh.runs")));

        cluster.Server.RevokeToken("first-token");
        cluster.Server.SetToken("second-token", Admin);
        cluster.Write("token", "second-token");
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3", "b"), Precondition.None));
        cluster.Server.CutWatches();
        await cluster.BecomesAsync(TargetCondition.Ready);
        Assert.DoesNotContain("-token", cluster.Log.Text);
    }

    [Theory]
    [InlineData("echo the-secret >&2; exit 3", "failed with exit code 3")]
    [InlineData("echo '{}'", "gave no token and no certificate")]
    [InlineData("sleep 600", "did not end in 1 s")]
    [InlineData(null, "cannot be started")]
    public async Task A_sign_in_program_that_does_not_sign_in_is_a_state(string? script, string said)
    {
        await using var cluster = await TestCluster.StartAsync(kubeconfig: _ => "", clock: new FastClock(), prepare: cluster =>
        {
            // The others have the time that a busy machine takes to start a program.
            if (script == "sleep 600")
                cluster.Options.RequestLimit = TimeSpan.FromSeconds(1);
            if (script is not null)
                Script(cluster, script);
        });
        cluster.WriteKubeconfig(cluster.Server.Kubeconfig(user: Exec("a", "client.authentication.k8s.io/v1")));
        await cluster.BecomesAsync(TargetCondition.Unavailable, "sign-in-failed");
        Assert.Contains(said, cluster.Store.State.Message);
        Assert.Contains("'sign in.sh'", cluster.Store.State.Message);
        Assert.DoesNotContain("the-secret", $"{cluster.Store.State} {cluster.Log.Text}");
        // Repaired: taken up without a restart.
        cluster.WriteKubeconfig(cluster.Server.Kubeconfig());
        await cluster.BecomesAsync(TargetCondition.Ready);
    }

    [Fact]
    public async Task A_sign_in_that_fails_is_not_tried_by_everyone_who_waits_for_it()
    {
        // On the real clock: what failed is remembered for longer than this takes.
        await using var cluster = await TestCluster.StartAsync(
            kubeconfig: server => server.Kubeconfig(user: Exec("a")), prepare: cluster => Script(cluster, "echo run >> \"$0.runs\"; exit 3"));
        var early = await cluster.Target.Secrets.SetVaultAsync("early", new SecretValue("x"), null, null);
        Assert.Contains("failed with exit code 3", Assert.IsType<StoreResult.Unavailable>(early).Message);
        await cluster.BecomesAsync(TargetCondition.Unavailable, "sign-in-failed");

        var saves = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => cluster.Target.Secrets.SetVaultAsync($"secret{number}", new SecretValue("x"), null, null)));
        Assert.All(saves, saved => Assert.Contains("failed with exit code 3", Assert.IsType<StoreResult.Unavailable>(saved).Message));
        await Assert.ThrowsAsync<SecretsUnavailableException>(() => cluster.Target.Secrets.FindSyncedAsync("line3"));
        Assert.Empty(await cluster.Target.Secrets.ListVaultAsync());
        Assert.Empty(await cluster.Target.ConfigMaps.ListAsync());
        Assert.Contains("failed with exit code 3", cluster.Target.ConfigMaps.Hidden!.Message);
        Assert.Single(File.ReadAllLines(cluster.Path("sign in.sh.runs")));
    }

    [Theory]
    [InlineData("client-certificate-data: aGFsZi13cml0dGVu\n    client-key-data: aGF")]
    [InlineData("client-certificate-data: aGFsZi13cml0dGVu\n    client-key-data: aGFsZi13cml0dGVu")]
    [InlineData("token: aGFsZi13cml0dGVu", "aGF")]
    [InlineData("token: aGFsZi13cml0dGVu", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmFHRnNaaTEzY21sMGRHVnUKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=")]
    [InlineData(null)]
    public async Task Credentials_that_are_not_whole_are_a_state(string? user, string? authority = null)
    {
        await using var cluster = await TestCluster.StartAsync(
            new ServerOptions(), server => Regex.Replace(server.Kubeconfig(user: user ?? Exec("a")), "(authority-data: )(.*)", match => match.Groups[1].Value + (authority ?? match.Groups[2].Value)), new FastClock(),
            prepare: cluster => Script(cluster, """printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"clientCertificateData":"half-written","clientKeyData":"half-written"}}' """));
        await cluster.BecomesAsync(TargetCondition.Unavailable, "kubeconfig-unreadable");
        Assert.Contains("is not whole", cluster.Store.State.Message);
        Assert.Empty(await cluster.Target.Secrets.ListSyncedAsync());
        await Assert.ThrowsAsync<SecretsUnavailableException>(() => cluster.Target.SecretReader.ResolveAsync("line3"));
        Assert.IsType<StoreResult.Unavailable>(await cluster.Target.Secrets.SetVaultAsync("line3", new SecretValue("x"), null, null));
        Assert.DoesNotContain("half-written", $"{cluster.Store.State} {cluster.Log.Text}");
        Assert.DoesNotContain("aGF", $"{cluster.Store.State} {cluster.Log.Text}");
        cluster.WriteKubeconfig(cluster.Server.Kubeconfig());
        await cluster.BecomesAsync(TargetCondition.Ready);
    }

    [Fact]
    public async Task A_pod_signs_in_with_its_files_and_takes_up_a_renewed_token()
    {
        await using var cluster = await TestCluster.StartAsync(new ServerOptions(), clock: new FastClock(), prepare: cluster =>
        {
            cluster.Server.SetToken("first-token", Admin);
            cluster.Write("pod/token", "first-token\n");
            cluster.Write("pod/ca.crt", cluster.Server.AuthorityPem);
            var address = new Uri(cluster.Server.Address);
            cluster.Options = new KubernetesOptions { InCluster = true, Pod = new PodAccount(cluster.Path("pod"), address.Host, $"{address.Port}") };
        });
        Assert.Empty(cluster.Options.Check("Portal:Targets:0"));
        await cluster.BecomesAsync(TargetCondition.Ready);
        Assert.StartsWith("This cluster", cluster.Store.Target, StringComparison.Ordinal);

        cluster.Server.SetToken("second-token", Admin);
        cluster.Write("pod/token", "second-token\n");
        cluster.Server.RevokeToken("first-token");
        ContractSamples.Saved(await cluster.Store.SaveAsync(ContractSamples.Endpoint("line3"), Precondition.New));
        Assert.DoesNotContain(cluster.Server.Requests, request => request.Status == 401);

        // Not renewed in time, as a clock that is wrong has it: a state, until it is.
        cluster.Server.RevokeToken("second-token");
        cluster.Server.CutWatches();
        await cluster.BecomesAsync(TargetCondition.Unavailable, "token-refused");
        cluster.Server.SetToken("second-token", Admin);
        await cluster.BecomesAsync(TargetCondition.Ready);
    }

    private static string Exec(params string[] arguments)
        => $"exec:\n      apiVersion: client.authentication.k8s.io/v1\n      command: ./sign in.sh\n      args: [{string.Join(", ", arguments.Select(argument => $"\"{argument}\""))}]\n      interactiveMode: IfAvailable";

    private static void Script(TestCluster cluster, string text)
    {
        var path = cluster.Write("sign in.sh", "#!/bin/sh\n" + text + "\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
