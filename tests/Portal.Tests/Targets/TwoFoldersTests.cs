using Portal.Changes;
using Portal.Model.Dataflows;
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

    private const string Profile = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowProfile\nmetadata:\n  name: fast\nspec:\n  instanceCount: 2\n";
    private const string Flow = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: Dataflow\nmetadata:\n  name: copy\nspec:\n  profileRef: fast\n  mode: Enabled\n  operations:\n    - operationType: Source\n      sourceSettings:\n        endpointRef: line3-broker\n        dataSources:\n          - line3/#\n"
        + "    - operationType: Destination\n      destinationSettings:\n        endpointRef: line3-broker\n        dataDestination: copied\n";

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

        var plan = Assert.Single(await TargetCopies.PlanAsync([stored], there, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal((CopyState.OnlyHere, "line3-cert", "line3-ca"), (plan.State, plan.MissingSecrets.Single(), plan.MissingConfigMaps.Single()));
        Assert.IsType<StoreResult.Saved>((await TargetCopies.CopyAsync(plan, there, takeOver: false, TestContext.Current.CancellationToken)).Outcome);
        Assert.Equal(CopyState.Same, await StateAsync());

        // Compared with what is gone by now: nothing is overwritten.
        Assert.IsType<StoreResult.Conflict>((await TargetCopies.CopyAsync(plan, there, takeOver: false, TestContext.Current.CancellationToken)).Outcome);
        var endpoint = (DataflowEndpoint)stored.Value;
        await here.Get<ResourceChanges>().SaveAsync(endpoint with { Settings = endpoint.Mqtt! with { Qos = 0 } }, Precondition.None, TestContext.Current.CancellationToken);
        var drift = Assert.Single(await TargetCopies.CompareAsync(here, there, Model.ResourceKind.DataflowEndpoint, TestContext.Current.CancellationToken));
        Assert.Equal((CopyState.Differs, "spec.mqttSettings.qos", "1", "0"), (drift.State, drift.Fields.Single().Path, drift.Fields[0].Before, drift.Fields[0].After));
        await here.Get<ResourceChanges>().DeleteAsync(Model.ResourceKind.DataflowEndpoint, "line3-broker", Precondition.None, TestContext.Current.CancellationToken);
        Assert.Equal(CopyState.OnlyThere, await StateAsync());
        var entry = Assert.Single(await there.Get<IActivityLog>().ReadAsync(new ActivityQuery("line3-broker"), TestContext.Current.CancellationToken));
        Assert.Contains("by copying", entry.Summary, StringComparison.Ordinal);

        async Task<CopyState> StateAsync() => Assert.Single(await TargetCopies.CompareAsync(here, there, Model.ResourceKind.DataflowEndpoint, TestContext.Current.CancellationToken)).State;
    }

    [Fact]
    public async Task A_dataflow_is_copied_with_what_it_needs_and_starts_nothing_there()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (here, there) = (_portal.Targets.Default, _portal.Targets.Find("line4")!);
        foreach (var (path, document) in new[] { ("endpoints/line3-broker", Endpoint), ("profiles/fast", Profile), ("dataflows/copy", Flow) })
            Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, path, document)).Status);
        var flow = (await here.Resources.FindAsync(Model.ResourceKind.Dataflow, "copy", cancellation))!;

        // Alone it would lead nowhere there.
        var alone = Assert.Single(await TargetCopies.PlanAsync([flow], there, cancellationToken: cancellation));
        Assert.Equal((CopyState.OnlyHere, "line3-broker", "fast"), (alone.State, alone.MissingEndpoints.Single(), alone.MissingProfile));
        Assert.IsType<StoreResult.Invalid>((await TargetCopies.CopyAsync(alone, there, takeOver: false, cancellation)).Outcome);

        var needed = await TargetCopies.NeededAsync([flow], here, there, cancellation);
        var plan = await TargetCopies.PlanAsync([flow, .. needed], there, keepsMode: true, cancellation);
        Assert.Equal(["line3-broker", "fast", "copy"], plan.Select(item => item.Name));
        Assert.Empty(plan[2].MissingEndpoints);
        Assert.Null(plan[2].MissingProfile);
        foreach (var item in plan)
            Assert.IsType<StoreResult.Saved>((await TargetCopies.CopyAsync(item, there, takeOver: false, cancellation)).Outcome);
        Assert.Empty(await TargetCopies.NeededAsync([flow], here, there, cancellation));
        var copied = (Dataflow)(await there.Resources.FindAsync(Model.ResourceKind.Dataflow, "copy", cancellation))!.Value;
        Assert.False(copied.IsEnabled);

        // Only the mode differs, and copying again leaves it as it is there.
        var drift = Assert.Single(await TargetCopies.CompareAsync(here, there, Model.ResourceKind.Dataflow, cancellation));
        Assert.Equal(("Mode", "Disabled", "Enabled"), (drift.Fields.Single().Label, drift.Fields[0].Before, drift.Fields[0].After));
        Assert.Equal(CopyState.Same, (await TargetCopies.PlanAsync([flow], there, keepsMode: true, cancellation))[0].State);
        Assert.Equal(201, (await _portal.SendAsync(HttpMethod.Put, "profiles/slow?target=line4", Profile.Replace("fast", "slow", StringComparison.Ordinal))).Status);
        Assert.Equal([("default", CopyState.Same), ("fast", CopyState.Same), ("slow", CopyState.OnlyThere)], (await TargetCopies.CompareAsync(here, there, Model.ResourceKind.DataflowProfile, cancellation)).Select(item => (item.Name, item.State)));
    }

    [Fact]
    public async Task Limits_of_connection_tests_count_for_all_targets_together()
    {
        using var portal = PortalHost.With(
            ("Portal:Targets:0:Name", "line3"), ("Portal:Targets:0:Kind", "Folder"), ("Portal:Targets:1:Name", "line4"), ("Portal:Targets:1:Kind", "Folder"), ("Portal:Targets:1:Path", _other.Combine("more")), ("Portal:Test:PerMinute", "1"));
        Assert.Equal(200, (await portal.SendAsync(HttpMethod.Post, "test", Endpoint)).Status);
        Assert.Equal(429, (await portal.SendAsync(HttpMethod.Post, "test?target=line4", Endpoint)).Status);
    }

    public void Dispose()
    {
        _portal.Dispose();
        _other.Dispose();
    }
}
