using Portal.Changes;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Tests.Api;
using Portal.Tests.Shared;

namespace Portal.Tests.Targets;

/// <summary>Two folders as targets of one portal: nothing of one shows in the other, and an endpoint is copied on demand.</summary>
public sealed class TwoFoldersTests : IDisposable
{
    private const string Endpoint = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowEndpoint\nmetadata:\n  name: line3-broker\nspec:\n  endpointType: Mqtt\n  mqttSettings:\n    host: broker.example:8883\n"
        + "    authentication:\n      method: X509Certificate\n      x509CertificateSettings:\n        secretRef: line3-cert\n    tls:\n      mode: Enabled\n      trustedCaCertificateConfigMapRef: line3-ca\n    qos: 1\n";

    private readonly TemporaryFolder _other = new();
    private readonly PortalHost _portal;

    public TwoFoldersTests() => _portal = PortalHost.With(
        ("Portal:Targets:0:Name", "line3"), ("Portal:Targets:0:Kind", "Folder"), ("Portal:Targets:1:Name", "line4"), ("Portal:Targets:1:Kind", "Folder"), ("Portal:Targets:1:Path", _other.Path));

    [Fact]
    public async Task A_call_works_on_the_target_that_it_names()
    {
        Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-broker?target=line4", Endpoint)).Status);
        Assert.Equal(404, (await _portal.SendAsync(HttpMethod.Get, "endpoints/line3-broker")).Status);
        Assert.Equal(404, (await _portal.SendAsync(HttpMethod.Get, "endpoints/line3-broker?target=line3")).Status);
        Assert.Equal(200, (await _portal.SendAsync(HttpMethod.Get, "endpoints/line3-broker?target=line4")).Status);
        Assert.True(File.Exists(_other.Combine("manifests", "dataflowendpoints", "line3-broker.yaml")));
        Assert.Empty(await _portal.Activity.ReadAsync(new ActivityQuery("line3-broker"), TestContext.Current.CancellationToken));

        Assert.Equal(200, (await _portal.SendAsync(HttpMethod.Put, "secrets/line3-cert?target=line4", """{ "entries": { "client_key.pem": "only-a-value" } }""", "application/json")).Status);
        Assert.DoesNotContain("line3-cert", (await _portal.SendAsync(HttpMethod.Get, "secrets")).Body!.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("line3-cert", (await _portal.SendAsync(HttpMethod.Get, "secrets?target=line4")).Body!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_target_is_refused_with_the_names_of_those_that_are()
    {
        var (status, body, _) = await _portal.SendAsync(HttpMethod.Get, "endpoints?target=line5");
        Assert.Equal((400, "no-such-target"), (status, (string?)body!["errors"]![0]!["code"]));
        Assert.Contains("line3, line4", (string?)body["errors"]![0]!["fix"], StringComparison.Ordinal);
        var targets = (await _portal.SendAsync(HttpMethod.Get, "targets")).Body!["items"]!.AsArray();
        Assert.Equal([("line3", "Folder", "Ready"), ("line4", "Folder", "Ready")], targets.Select(one => ((string?)one!["name"], (string?)one["kind"], (string?)one["condition"])));
    }

    [Fact]
    public async Task An_endpoint_is_compared_copied_and_compared_again()
    {
        var (here, there) = (_portal.Targets.Default, _portal.Targets.Find("line4")!);
        Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, "endpoints/line3-broker", Endpoint)).Status);
        var stored = (await here.Resources.FindAsync(Model.ResourceKind.DataflowEndpoint, "line3-broker", TestContext.Current.CancellationToken))!;

        var plan = Assert.Single(await TargetCopies.PlanAsync([stored], there, TestContext.Current.CancellationToken));
        Assert.Equal((CopyState.OnlyHere, "line3-cert", "line3-ca"), (plan.State, plan.MissingSecrets.Single(), plan.MissingConfigMaps.Single()));
        Assert.IsType<StoreResult.Saved>((await TargetCopies.CopyAsync(plan, there, takeOver: false, TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(CopyState.Same, await StateAsync());

        // Compared with what is gone by now: nothing is overwritten.
        Assert.IsType<StoreResult.Conflict>((await TargetCopies.CopyAsync(plan, there, takeOver: false, TestContext.Current.CancellationToken)).Outcome);
        var endpoint = (DataflowEndpoint)stored.Value;
        await here.Get<ResourceChanges>().SaveAsync(endpoint with { Settings = endpoint.Mqtt! with { Qos = 0 } }, Precondition.None, TestContext.Current.CancellationToken);
        var drift = Assert.Single(await TargetCopies.CompareAsync(here, there, TestContext.Current.CancellationToken));
        Assert.Equal((CopyState.Differs, "spec.mqttSettings.qos", "1", "0"), (drift.State, drift.Fields.Single().Path, drift.Fields[0].Before, drift.Fields[0].After));
        await here.Get<ResourceChanges>().DeleteAsync(Model.ResourceKind.DataflowEndpoint, "line3-broker", Precondition.None, TestContext.Current.CancellationToken);
        Assert.Equal(CopyState.OnlyThere, await StateAsync());
        var entry = Assert.Single(await there.Get<IActivityLog>().ReadAsync(new ActivityQuery("line3-broker"), TestContext.Current.CancellationToken));
        Assert.Contains("by copying", entry.Summary, StringComparison.Ordinal);

        async Task<CopyState> StateAsync() => Assert.Single(await TargetCopies.CompareAsync(here, there, TestContext.Current.CancellationToken)).State;
    }

    public void Dispose()
    {
        _portal.Dispose();
        _other.Dispose();
    }
}
