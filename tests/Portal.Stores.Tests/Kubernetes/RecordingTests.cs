using Portal.KubernetesServer;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>Our API server answers as Kubernetes 1.32 did: every recorded request, in order, against its recorded answer.</summary>
public sealed class RecordingTests
{
    private const string Mqtt = """{"endpointType":"Mqtt","mqttSettings":{"host":"broker.plant.example:8883","authentication":{"method":"Anonymous","anonymousSettings":{}}}}""";
    private const string Kafka = """{"endpointType":"Kafka","kafkaSettings":{"host":"kafka.plant.example:9093","authentication":{"method":"Sasl","saslSettings":{"saslType":"ScramSha256","secretRef":"kafka-sasl"}}}}""";
    private const string Profiles = "/apis/connectivity.iotoperations.azure.com/v1/namespaces/azure-iot-operations/dataflowprofiles";
    private const string Rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/azure-iot-operations";

    // What this server does not do, and why it need not.
    private static readonly Dictionary<string, string> NotReplayed = new()
    {
        ["01-4"] = "the address of the server is its own",
        ["01-5"] = "it has fewer built-in groups",
        ["01-7"] = "storageVersionHash is its own; kinds and verbs are tried by kubectl",
        ["01-8"] = "as 7",
        ["01-13"] = "it has fewer built-in kinds",
        ["01-14"] = "aggregated discovery is not offered; clients ask group by group then",
        ["01-15"] = "as 14",
        ["01-16"] = "as 14",
        ["03-28"] = "protobuf is not spoken",
        ["08-38"] = "the answer is cut in the recording",
        ["07-28"] = "the text of a YAML parser's message is that of Go's parser",
        ["07-29"] = "as 28",
        ["13-25"] = "leases are not kept by this server: the portal elects no leader",
        ["13-26"] = "as 25",
        ["13-27"] = "as 25",
        ["13-28"] = "as 25",
        ["13-29"] = "as 25",
        ["13-30"] = "service accounts and their tokens are not kept by this server",
        ["13-31"] = "as 30",
        ["13-32"] = "as 30",
        ["13-33"] = "as 30",
        ["13-34"] = "as 30",
        ["13-35"] = "as 30",
        ["13-36"] = "as 30",
        ["13-37"] = "as 30",
        ["13-38"] = "as 30",
    };

    public static TheoryData<string> Files => ["01", "03 04", "05", "06", "07", "08 09", "10 11", "12", "13", "14"];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_recorded_request_is_answered_as_recorded(string files)
    {
        await using var replay = await Replay.StartAsync();
        var faults = new List<string>();
        foreach (var file in files.Split(' '))
        {
            await PrepareAsync(replay, file, 0);
            var path = Directory.GetFiles(RepositoryRoot.Combine("tests/Portal.Stores.Tests/Kubernetes/Recordings"), file + "-*.http").Single();
            foreach (var exchange in Recording.Read(path).Where(exchange => !NotReplayed.ContainsKey($"{file}-{exchange.Number}")))
            {
                await PrepareAsync(replay, file, exchange.Number);
                foreach (var difference in await replay.PlayAsync(exchange, action => MeanwhileAsync(replay, action)))
                    faults.Add($"{file}-{exchange.Number} {exchange.Title}\n    {difference}");
            }
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    // What was there before, or was done between two requests, that the recording only tells of.
    private static async Task PrepareAsync(Replay replay, string file, int before)
    {
        switch (file, before)
        {
            case ("04", 2):
                await CreateAsync(replay, "aaa-late", Mqtt);
                break;
            case ("04", 22):
                await CreateAsync(replay, "zzz-later", Mqtt);
                replay.Server.Compact();
                break;
            case ("11", 3):
                await replay.SendAsync("POST", "/api/v1/namespaces/default/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other"}}""");
                break;
            case ("11", 11):
                replay.Server.Compact();
                break;
            case ("05", 0):
                await CreateAsync(replay, "kafka-a", Kafka, """{"labels":{"site":"north"}}""", "313", "8046f50e-479b-4cdb-8f9b-1d0d3587fbdb", "?fieldManager=portal");
                break;
            case ("06", 0):
                await CreateAsync(replay, "del-a", Mqtt);
                await CreateAsync(replay, "del-b", Mqtt, recordedVersion: "321", recordedUid: "e0c86971-0cf2-415b-99ce-77d6dbdc9757");
                await CreateAsync(replay, "fin-a", Mqtt, """{"finalizers":["connectivity.iotoperations.azure.com/cleanup"]}""");
                await CreateAsync(replay, "fg-a", Mqtt);
                await CreateAsync(replay, "or-a", Mqtt);
                break;
            case ("06", 21):
                foreach (var name in new[] { "c1", "c2", "c3" })
                    await CreateAsync(replay, name, Mqtt, """{"labels":{"batch":"x"}}""");
                break;
            case ("08", 25):
                await CreateAsync(replay, "ver-a", Kafka);
                break;
            case ("09", 0):
                await CreateAsync(replay, "val", """{"endpointType":"Kafka","kafkaSettings":{"host":"h:9093","authentication":{"method":"Anonymous"},"partitionKeyProperty":"line"}}""");
                replay.Server.InstallDefinitions(prunes: true);
                break;
            case ("10", 0):
                await CreateAsync(replay, "w1", Mqtt, """{"labels":{"site":"north"}}""", query: "?fieldManager=portal");
                await CreateAsync(replay, "w2", Mqtt, query: "?fieldManager=portal");
                break;
            case ("12", 0):
                replay.Server.SetToken("viewer-token", new ServerUser("viewer", ["viewers"]));
                replay.Server.SetToken("operator-token", new ServerUser("operator", ["operators"]));
                await replay.SendAsync("POST", Profiles, """{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowProfile","metadata":{"name":"default"},"spec":{}}""");
                break;
            case ("12", 23):
                await replay.SendAsync("POST", Rbac + "/roles", """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role","metadata":{"name":"dataflow-operator"},"rules":[{"verbs":["get","list","watch","patch"],"apiGroups":["connectivity.iotoperations.azure.com"],"resources":["dataflowprofiles"]},{"verbs":["get"],"apiGroups":[""],"resources":["secrets"],"resourceNames":["kafka-sasl"]}]}""");
                await replay.SendAsync("POST", Rbac + "/rolebindings", """{"apiVersion":"rbac.authorization.k8s.io/v1","kind":"RoleBinding","metadata":{"name":"dataflow-operator"},"subjects":[{"kind":"User","name":"operator","apiGroup":"rbac.authorization.k8s.io"}],"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"dataflow-operator"}}""");
                break;
            case ("13", 0):
                await replay.SendAsync("POST", "/apis/events.k8s.io/v1/namespaces/default/events", """{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e3"},"eventTime":"2026-11-22T19:00:00.123456Z","reportingController":"c","reportingInstance":"i","action":"A","reason":"R","type":"Normal","regarding":{},"note":"n"}""");
                break;
        }
    }

    private static Task MeanwhileAsync(Replay replay, string action) => action switch
    {
        "create w3" => CreateAsync(replay, "w3", Mqtt, query: "?fieldManager=portal"),
        "change w3" or "change w2 (not seen)" => ChangeAsync(replay, action.Split(' ')[1], 0),
        "change w1" => ChangeAsync(replay, "w1", null),
        "change w1 (not seen)" => ChangeAsync(replay, "w1", null),
        "delete w3" or "delete w4" => replay.SendAsync("DELETE", $"{Replay.Endpoints}/{action.Split(' ')[1]}"),
        "create w4 with a finalizer" => CreateAsync(replay, "w4", Mqtt, """{"finalizers":["connectivity.iotoperations.azure.com/cleanup"]}""", query: "?fieldManager=portal"),
        "remove the finalizer" => MergeAsync(replay, "w4", """{"metadata":{"finalizers":null}}"""),
        "a patch that changes nothing (no event)" => MergeAsync(replay, "w1", """{"spec":{"endpointType":"Mqtt"}}"""),
        "update the status of w1" => MergeAsync(replay, "w1/status", """{"status":{"runtimeStatus":{"level":"ok"}}}"""),
        "label w2 site=north" or "label w2 site=south" => MergeAsync(replay, "w2", """{"metadata":{"labels":{"site":"SITE"}}}""".Replace("SITE", action.Split('=')[1], StringComparison.Ordinal)),
        _ => throw new InvalidOperationException($"The recording tells of '{action}', which the replay does not know."),
    };

    private static Task MergeAsync(Replay replay, string name, string patch) => replay.SendAsync("PATCH", $"{Replay.Endpoints}/{name}", patch, "application/merge-patch+json");

    private static async Task ChangeAsync(Replay replay, string name, int? qos)
    {
        qos ??= 1 - (int)(await replay.SendAsync("GET", $"{Replay.Endpoints}/{name}"))["spec"]!["mqttSettings"]!["qos"]!;
        await MergeAsync(replay, name + "?fieldManager=portal", qos == 0 ? """{"spec":{"mqttSettings":{"qos":0}}}""" : """{"spec":{"mqttSettings":{"qos":1}}}""");
    }

    private static async Task CreateAsync(Replay replay, string name, string spec, string metadata = "", string? recordedVersion = null, string? recordedUid = null, string query = "")
    {
        var more = metadata.Length == 0 ? "" : "," + metadata[1..^1];
        var created = await replay.SendAsync("POST", Replay.Endpoints + query, $$$"""{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowEndpoint","metadata":{"name":"{{{name}}}"{{{more}}} },"spec":{{{spec}}} }""");
        if (recordedVersion is not null)
            replay.Bind(recordedVersion, (string)created["metadata"]!["resourceVersion"]!);
        if (recordedUid is not null)
            replay.Bind(recordedUid, (string)created["metadata"]!["uid"]!);
    }
}
