using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Portal.Hosting;
using Portal.Stores.Kubernetes;
using Portal.Tests.Api;
using Portal.Tests.Shared;
using static Portal.Tests.Deploy.Overlay;

namespace Portal.Tests.Deploy;

/// <summary>Every object of every overlay: names, references, pod security, probes, rights and settings.</summary>
public sealed partial class DeployTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string ResourceSpace = "azure-iot-operations";
    private static readonly string Guide = File.ReadAllText(RepositoryRoot.Combine("docs", "deploy.md"));

    public static TheoryData<string> Workloads => ["all", "portal-and-flows"];

    [GeneratedRegex(@":\d+(?=:|$)")]
    private static partial Regex Number();

    [Theory]
    [InlineData("all")]
    [InlineData("portal-and-flows")]
    [InlineData("crds")]
    public async Task Every_object_has_a_name_of_its_own_a_place_and_is_in_the_guide(string name)
    {
        var overlay = await RenderAsync(name);
        Assert.Equal(overlay.All.Count, overlay.All.Select(one => (one["kind"]!.ToString(), Name(one), Space(one))).Distinct().Count());
        Assert.All(overlay.All, one => Assert.True((string?)one["kind"] is "Namespace" or "CustomResourceDefinition" == Space(one) is null, Name(one)));
        Assert.Contains($"deploy/overlays/{name}", Guide, StringComparison.Ordinal);
        Assert.Empty(overlay.Of("Secret"));
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task Every_reference_is_met(string name)
    {
        var overlay = await RenderAsync(name);
        foreach (var service in overlay.Of("Service"))
        {
            var workload = Assert.Single(overlay.Workloads, one => Selects(Map(service["spec"]!["selector"]), one));
            Assert.All(List(service["spec"]!["ports"]), port => Assert.Contains((string?)port["targetPort"], PortsOf(workload)));
        }
        foreach (var policy in overlay.Of("NetworkPolicy").Where(policy => Map(policy["spec"]!["podSelector"]!["matchLabels"]).Count > 0))
        {
            var workload = Assert.Single(overlay.Workloads, one => Selects(Map(policy["spec"]!["podSelector"]!["matchLabels"]), one));
            Assert.All(List(policy["spec"]!["ingress"]).SelectMany(rule => List(rule["ports"])), port => Assert.Contains((string?)port["port"], PortsOf(workload)));
            Assert.All(
                List(policy["spec"]!["ingress"]).SelectMany(rule => List(rule["from"])).Where(from => from["podSelector"] is not null),
                from => Assert.Contains(overlay.Workloads, one => Selects(Map(from["podSelector"]!["matchLabels"]), one)));
        }
        Assert.All(overlay.Of("PodDisruptionBudget"), budget => Assert.Single(overlay.Workloads, one => Selects(Map(budget["spec"]!["selector"]!["matchLabels"]), one)));
        foreach (var binding in overlay.Of("RoleBinding"))
        {
            Assert.NotNull(overlay.Find("Role", (string?)binding["roleRef"]!["name"], Space(binding)));
            Assert.All(List(binding["subjects"]), subject => Assert.NotNull(overlay.Find("ServiceAccount", (string?)subject["name"], (string?)subject["namespace"])));
        }
        foreach (var workload in overlay.Workloads)
        {
            var pod = Pod(workload);
            Assert.True(Selects(Map(workload["spec"]!["selector"]!["matchLabels"]), workload));
            Assert.NotNull(overlay.Find("ServiceAccount", (string?)pod["serviceAccountName"], Space(workload)));
            Assert.All(List(pod["containers"]).SelectMany(one => List(one["envFrom"])), source => Assert.NotNull(overlay.Find("ConfigMap", (string?)source["configMapRef"]!["name"], Space(workload))));
            var own = List(workload["spec"]!["volumeClaimTemplates"]).Select(Name);
            Assert.All(
                List(pod["containers"]).SelectMany(one => List(one["volumeMounts"])),
                mount => Assert.Contains((string)mount["name"]!, own.Concat(List(pod["volumes"]).Select(volume => (string)volume["name"]!))));
            foreach (var volume in List(pod["volumes"]))
            {
                if (volume["persistentVolumeClaim"] is { } claim)
                    Assert.NotNull(overlay.Find("PersistentVolumeClaim", (string?)claim["claimName"], Space(workload)));
                // A secret is never in a manifest: the workload names it, and the guide says how to make it.
                if (volume["secret"] is { } secret)
                {
                    var needed = (string?)secret["secretName"];
                    Assert.Equal(needed, Map(workload["spec"]!["template"]!["metadata"]!["annotations"]).GetValueOrDefault("portal/requires-secret"));
                    Assert.Contains($"kubectl -n {Space(workload)} create secret generic {needed}", Guide, StringComparison.Ordinal);
                }
            }
            if ((string?)workload["spec"]!["serviceName"] is { } headless)
                Assert.Equal("None", (string?)overlay.Find("Service", headless, Space(workload))!["spec"]!["clusterIP"]);
        }
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task Pods_keep_to_the_restricted_standard(string name)
    {
        var overlay = await RenderAsync(name);
        Assert.Equal("restricted", Map(overlay.Find("Namespace", "portal", null)!["metadata"]!["labels"])["pod-security.kubernetes.io/enforce"]);
        foreach (var workload in overlay.Workloads)
        {
            var pod = Pod(workload);
            Assert.Equal("portal", Space(workload));
            Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!);
            Assert.True((int)pod["securityContext"]!["runAsUser"]! > 0);
            Assert.Equal("RuntimeDefault", (string?)pod["securityContext"]!["seccompProfile"]!["type"]);
            Assert.All(new[] { "hostNetwork", "hostPID", "hostIPC" }, member => Assert.Null(pod[member]));
            Assert.All(List(pod["volumes"]), volume => Assert.Contains(volume.AsObject().Select(pair => pair.Key).Single(key => key != "name"), new[] { "persistentVolumeClaim", "emptyDir", "projected", "secret", "configMap" }));
            foreach (var container in List(pod["containers"]))
            {
                var context = container["securityContext"]!;
                Assert.Equal((false, true), ((bool)context["allowPrivilegeEscalation"]!, (bool)context["readOnlyRootFilesystem"]!));
                Assert.Equal(["ALL"], List(context["capabilities"]!["drop"]).Select(one => (string?)one));
                Assert.Null(context["privileged"]);
                Assert.NotNull(container["resources"]!["limits"]!["memory"]);
                Assert.Empty(new[] { "/data", "/tmp" }.Except(List(container["volumeMounts"]).Select(mount => (string)mount["mountPath"]!)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task Probes_ask_what_a_portal_answers(string name)
    {
        var overlay = await RenderAsync(name);
        foreach (var container in overlay.Workloads.SelectMany(workload => List(Pod(workload)["containers"])))
        {
            foreach (var probe in new[] { "startupProbe", "livenessProbe", "readinessProbe" })
            {
                var get = container[probe]!["httpGet"]!;
                Assert.Contains((string?)get["port"], List(container["ports"]).Select(port => (string?)port["name"]));
                using var answer = await portal.Client.GetAsync((string)get["path"]!, TestContext.Current.CancellationToken);
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Workloads))]
    public async Task Every_setting_is_one_that_the_portal_reads_and_all_fit_together(string name)
    {
        var overlay = await RenderAsync(name);
        var readme = await File.ReadAllTextAsync(RepositoryRoot.Combine("README.md"), TestContext.Current.CancellationToken);
        foreach (var workload in overlay.Workloads)
        {
            var settings = overlay.Settings(workload);
            Assert.All(settings.Keys.Where(key => key.StartsWith("Portal:", StringComparison.Ordinal)), key => Assert.Contains($"`{Number().Replace(key, ":N")}`", readme, StringComparison.Ordinal));
            var port = (int)List(List(Pod(workload)["containers"]).Single()["ports"]).Single()["containerPort"]!;
            Assert.Equal($"http://0.0.0.0:{port}", settings["ASPNETCORE_URLS"]);
            var replicas = (int)workload["spec"]!["replicas"]!;
            var isSet = (string?)workload["kind"] == "StatefulSet";
            using var token = new TemporaryFolder();
            if (settings.TryGetValue("Portal:FlowHostTokenFile", out var file))
            {
                Assert.Contains(List(List(Pod(workload)["containers"]).Single()["volumeMounts"]), mount => file!.StartsWith((string)mount["mountPath"]! + "/", StringComparison.Ordinal));
                settings["Portal:FlowHostTokenFile"] = token.Write("token", "0123456789abcdef");
            }
            var roles = Enumerable.Range(0, replicas).Select(ordinal => RoleOptions.From(
                new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), isSet ? $"{Name(workload)}-{ordinal}" : $"{Name(workload)}-7f9c4-x{ordinal}")).ToList();
            Assert.Equal(isSet ? Enumerable.Range(0, replicas) : Enumerable.Repeat(0, replicas), roles.Select(role => role.InstanceId));
            Assert.Equal(isSet ? replicas : roles[0].FlowHosts.Count, roles[0].FlowHosts.Count);
            Assert.Equal(
                roles[0].FlowHosts.Select((_, ordinal) => $"{Name(overlay.Workloads.Last())}-{ordinal}.{Name(overlay.Workloads.Last())}.portal.svc"), roles[0].FlowHosts.Select(host => host.Host));
        }
    }

    /// <summary>Portals write, flow hosts read, and neither does anything beyond the namespace of the resources.</summary>
    [Fact]
    public async Task Rights_are_those_that_the_stores_use_and_no_more()
    {
        var overlay = await RenderAsync("portal-and-flows");
        Assert.DoesNotContain(overlay.All, one => (string?)one["kind"] is "ClusterRole" or "ClusterRoleBinding");
        Assert.All(overlay.Of("Role"), role => Assert.Equal(ResourceSpace, Space(role)));
        var needed = Rights.Needed.Select(right => $"{right.Verb} {right.Group}/{right.Resource}").Order().ToList();
        Assert.Equal(needed, Granted(overlay.Find("Role", "portal", ResourceSpace)!));
        string[] reading = ["get ", "list ", "watch "];
        Assert.Equal(needed.Where(right => reading.Any(verb => right.StartsWith(verb, StringComparison.Ordinal))), Granted(overlay.Find("Role", "portal-flows", ResourceSpace)!));
    }

    /// <summary>What a custom resource says comes back as it went in: every object keeps what is not described, and nothing is filled in.</summary>
    [Fact]
    public async Task The_definitions_keep_every_member_and_invent_none()
    {
        var overlay = await RenderAsync("crds");
        Assert.Equal(
            ["dataflowendpoints", "dataflowprofiles", "dataflows"],
            overlay.Of("CustomResourceDefinition").Select(one => (string)one["spec"]!["names"]!["plural"]!).Order());
        foreach (var definition in overlay.Of("CustomResourceDefinition"))
        {
            var versions = List(definition["spec"]!["versions"]).ToList();
            Assert.Equal([("v1", true), ("v1beta1", false)], versions.Select(version => ((string)version["name"]!, (bool)version["storage"]!)));
            Assert.All(versions, version => Check(version["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!));
        }

        static void Check(JsonNode schema)
        {
            Assert.Null(schema["default"]);
            if ((string?)schema["type"] == "object")
                Assert.True((bool?)schema["x-kubernetes-preserve-unknown-fields"], schema.ToJsonString());
            foreach (var inner in schema["properties"]?.AsObject().Select(pair => pair.Value!) ?? [])
                Check(inner);
            if (schema["items"] is { } items)
                Check(items);
        }
    }

    private static IEnumerable<string?> PortsOf(JsonNode workload) => List(Pod(workload)["containers"]).SelectMany(container => List(container["ports"])).Select(port => (string?)port["name"]);

    private static IEnumerable<string> Granted(JsonNode role) =>
        from rule in List(role["rules"])
        from verb in List(rule["verbs"])
        from resource in List(rule["resources"])
        let right = $"{verb} {List(rule["apiGroups"]).Single()}/{resource}"
        orderby right
        select right;
}
