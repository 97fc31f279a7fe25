using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.EndToEnd.Tests;

/// <summary>Two flow hosts and a portal as processes of their own on one data folder, with a real MQTT broker and Kafka over TCP.</summary>
public sealed class FlowHostTests
{
    private const int Batch = 1500;
    private const string Token = "only-for-this-test-5f2c81d09a";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string[] _hosts = [$"http://127.0.0.1:{FreePort.Next()}", $"http://127.0.0.1:{FreePort.Next()}"];
    private JsonNode? _status;

    [Fact]
    public async Task Two_flow_hosts_share_the_work_and_one_that_was_killed_comes_back_without_loss()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["max_queued_messages 0"] });
        using var kafka = MockKafkaCluster.Start();
        kafka.CreateTopic("plant", 4);
        using var data = new TemporaryFolder();
        await using var portal = await StartAsync(data, $"http://127.0.0.1:{FreePort.Next()}", "Portal");
        using var client = new HttpClient { BaseAddress = new Uri(portal.Address) };
        await StoreAsync(client, broker.Port, kafka.Ports[0]);

        // Nobody runs it yet, and nobody says that it does.
        await SeeAsync(client, status => (string?)status["state"] == "Unknown" && Hosts(status).All(host => !(bool)host["answers"]! && host["lastAnswer"] is null && host["ledger"] is null), "both hosts are missed");

        await using var first = await StartAsync(data, _hosts[0], "Flows", 0);
        await using var second = await StartAsync(data, _hosts[1], "Flows", 1);
        await SeeAsync(client, status => (string?)status["state"] == "Idle" && (int)status["instances"]! == 2, "both instances are connected");
        await PublishAsync(broker, 0);
        await SeeAsync(client, status => Delivered(status) == Batch && (long)status["ledger"]!["inFlight"]! == 0, "the first batch is delivered");
        Assert.All(Hosts(_status!), host => Assert.InRange((long)host["ledger"]!["delivered"]!, 1, Batch - 1));
        Assert.Equal(Batch, Hosts(_status!).Sum(host => (long)host["ledger"]!["delivered"]!));
        await TestFromHostAsync(client);
        await RefuseAsync();

        var before = Hosts(_status!).Select(host => (long)host["ledger"]!["delivered"]!).ToList();
        var publishing = PublishAsync(broker, Batch);
        await second.KillAsync();
        await publishing;
        await SeeAsync(client, status => (string?)status["state"] == "Unknown" && (int)status["instances"]! == 1 && !(bool)Hosts(status)[1]["answers"]!, "the killed host is missed");
        Assert.Contains(_hosts[1], (string?)_status!["lastError"], StringComparison.Ordinal);
        await SeeAsync(client, status => (long)Hosts(status)[0]["ledger"]!["delivered"]! > before[0], "the other host goes on");
        Assert.NotNull(Hosts(_status!)[1]["lastAnswer"]);
        Assert.True((long)Hosts(_status!)[1]["ledger"]!["delivered"]! >= before[1], _status!.ToJsonString());

        await second.StartAgainAsync();
        IReadOnlyList<int> missing = [];
        await Wait.UntilAsync(async () => (missing = await MissingAsync(kafka)).Count == 0, "no number is missing", Limit, () => $"{missing.Count} missing, {_status}");
        await SeeAsync(client, status => (string?)status["state"] == "Healthy" && Hosts(status).All(host => (bool)host["answers"]!) && (long)status["ledger"]!["inFlight"]! == 0, "everything runs again");
        var ledger = _status!["ledger"]!;
        Assert.Equal((long)ledger["received"]!, (long)ledger["delivered"]! + ledger["dropped"]!.AsObject().Sum(drop => (long)drop.Value!));
        Assert.DoesNotContain(Token, portal.Output + first.Output + second.Output + _status.ToJsonString(), StringComparison.Ordinal);
    }

    private static List<JsonNode> Hosts(JsonNode status) => [.. status["hosts"]!.AsArray().Select(host => host!)];

    private static long Delivered(JsonNode status) => (long)status["ledger"]!["delivered"]!;

    private Task<PortalProcess> StartAsync(TemporaryFolder data, string address, string role, int instance = 0) => PortalProcess.StartAtAsync(
        address, data.Path, new Dictionary<string, string?> { ["Portal__FlowHostToken"] = Token },
        ["--Portal:Role", role, "--Portal:InstanceId", Text(instance), "--Portal:FlowHosts:0", _hosts[0], "--Portal:FlowHosts:1", _hosts[1], "--Portal:Network:Allow:0", "127.0.0.0/8"]);

    private async Task SeeAsync(HttpClient client, Func<JsonNode, bool> condition, string what) => await Wait.UntilAsync(
        async () => condition(_status = JsonNode.Parse(await client.GetStringAsync("/api/v1/dataflows/line3/status", TestContext.Current.CancellationToken))!),
        what, Limit, () => _status?.ToJsonString() ?? "");

    // The report of a host is what the portal's own is, made elsewhere.
    private async Task TestFromHostAsync(HttpClient client)
    {
        using var answer = await client.PostAsync("/api/v1/endpoints/from-here/test?flowHost=1", null, TestContext.Current.CancellationToken);
        var report = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.True((string?)report["outcome"] == "passed" && report["stages"]!.AsArray().Count == 9, report.ToJsonString());
        Assert.StartsWith("flow host 1 (", (string?)report["vantagePoint"], StringComparison.Ordinal);
    }

    private async Task RefuseAsync()
    {
        using var stranger = new HttpClient { BaseAddress = new Uri(_hosts[0]) };
        async Task<HttpStatusCode> Ask(string path) => (await stranger.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode;
        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.NotFound, HttpStatusCode.OK],
            [await Ask("/api/v1/flows"), await Ask("/api/v1/dataflows/line3/status"), await Ask("/endpoints"), await Ask("/healthz/ready")]);
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.NotFound], [await Ask("/api/v1/flows"), await Ask("/api/v1/endpoints")]);
    }

    private static async Task StoreAsync(HttpClient client, int mqtt, int kafka)
    {
        const string Head = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: ";
        const string Plain = "    authentication:\n      method: Anonymous\n    tls:\n      mode: Disabled\n";
        await PutAsync("endpoints/from-here", $"{Head}DataflowEndpoint\nmetadata:\n  name: from-here\nspec:\n  endpointType: Mqtt\n  mqttSettings:\n    host: 127.0.0.1:{Text(mqtt)}\n{Plain}");
        await PutAsync("endpoints/to-there", $"{Head}DataflowEndpoint\nmetadata:\n  name: to-there\nspec:\n  endpointType: Kafka\n  kafkaSettings:\n    host: 127.0.0.1:{Text(kafka)}\n{Plain}");
        await PutAsync("profiles/line3", $"{Head}DataflowProfile\nmetadata:\n  name: line3\nspec:\n  instanceCount: 2\n");
        await PutAsync(
            "dataflows/line3",
            $"{Head}Dataflow\nmetadata:\n  name: line3\nspec:\n  profileRef: line3\n  mode: Enabled\n  operations:\n    - operationType: Source\n      sourceSettings:\n        endpointRef: from-here\n        dataSources:\n          - line3/#\n"
            + "    - operationType: Destination\n      destinationSettings:\n        endpointRef: to-there\n        dataDestination: plant\n");

        async Task PutAsync(string path, string document)
        {
            using var answer = await client.PutAsync("/api/v1/" + path, new StringContent(document, Encoding.UTF8, "application/yaml"), TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    private static async Task PublishAsync(MosquittoBroker broker, int first)
    {
        var lines = string.Join('\n', Enumerable.Range(first, Batch).Select(Text)) + "\n";
        (await ProcessRunner.RunAsync("mosquitto_pub", ["-V", "5", "-h", "127.0.0.1", "-p", Text(broker.Port), "-q", "1", "-t", "line3/press", "-l"], lines, Limit)).MustSucceed();
    }

    private static async Task<IReadOnlyList<int>> MissingAsync(MockKafkaCluster kafka)
    {
        var records = await ProcessRunner.RunAsync("kcat", ["-C", "-b", kafka.BootstrapServers, "-t", "plant", "-e", "-q", "-o", "beginning", "-f", "%s\\n"], limit: Limit);
        return [.. Enumerable.Range(0, 2 * Batch).Except(records.MustSucceed().Lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture)))];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
