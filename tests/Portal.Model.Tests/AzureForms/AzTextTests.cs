using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsCheck;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Tests.Documents;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.AzureForms;

/// <summary>The command is run by a real shell, with functions in the place of az and kubectl that show what reached them.</summary>
public sealed class AzTextTests
{
    private const string Stubs = """
        az() { printf 'az\n'; printf '<%s>\n' "$@"; while [ $# -gt 0 ]; do [ "$1" = --config-file ] && { printf 'file\n'; cat -- "$2"; }; shift; done; return 0; }
        kubectl() { printf 'kubectl\n'; printf '<%s>\n' "$@"; }

        """;

    [Fact]
    public async Task CreateSaysEveryFieldThatIsSet()
    {
        var endpoint = ValidEndpoint.Full(EndpointKind.EventHubs, AuthenticationMethod.UserAssignedManagedIdentity);
        Assert.Equal(
            [
                "az", "iot", "ops", "dataflow", "endpoint", "create", "eventhub", "--name", "my-eventhub", "--instance", "<AIO_INSTANCE_NAME>", "--resource-group", "<RESOURCE_GROUP>",
                "--eventhub-namespace", "my-namespace", "--auth-type", "UserAssignedManagedIdentity", "--client-id", ValidEndpoint.ClientId, "--tenant-id", ValidEndpoint.TenantId,
                "--scope", "https://audience.example/.default", "--config-map-ref", "client-ca-configmap", "--group-id", "portal-line3", "--compression", "Gzip", "--latency", "20",
                "--max-bytes", "500000", "--message-count", "5000", "--partition-strategy", "Topic", "--acks", "One", "--disable-broker-props-copy", "--cloud-event-attribute", "CreateOrRemap",
            ],
            await RunAsync(endpoint));
    }

    [Fact]
    public async Task SwitchesThatAreOffAreFlags()
    {
        var endpoint = ValidEndpoint.Of(EndpointKind.CustomKafka, AuthenticationMethod.Anonymous) with
        {
            Settings = new KafkaSettings
            {
                Host = "[fd00::1]:9092",
                Authentication = new Authentication.Anonymous(),
                Tls = new TlsSettings { Mode = OperationalMode.Disabled },
                Batching = new BatchingSettings { Mode = OperationalMode.Disabled },
                CopyMqttProperties = OperationalMode.Enabled,
            },
        };
        Assert.Equal(["--hostname", "[fd00::1]", "--port", "9092", "--no-auth", "--disable-tls", "--disable-batching"], (await RunAsync(endpoint))[13..]);
    }

    public static TheoryData<string> Methods { get; } = new(ValidEndpoint.Cases.Select(@case => @case.ToString()));

    /// <summary>create where the CLI takes the method of the kind, apply where it does not; the CLI's table is schema.md 3.1.</summary>
    [Theory]
    [MemberData(nameof(Methods))]
    public async Task EveryKindAndMethodIsSaidByTheCommandThatCanSayIt(string name)
    {
        var @case = ValidEndpoint.Cases.Single(@case => @case.ToString() == name);
        var words = await RunAsync(@case.Basic with { Settings = @case.Basic.Settings! with { Tls = @case.Kind.Preset.Tls } });
        var takesIt = @case.Kind.Methods.Contains(@case.Method);
        Assert.Equal(takesIt ? ["create", @case.Kind.Id] : ["apply", "--name"], words[5..7]);
        Assert.Equal(takesIt && @case.Method is not AuthenticationMethod.Anonymous, words.Contains(@case.Method.ToString()));
        Assert.Equal(takesIt && @case.Method is AuthenticationMethod.Anonymous, words.Contains("--no-auth"));
    }

    public static TheoryData<string, string> Unsayable { get; } = new(
        ("partitionKeyProperty", "it has no option for kafkaSettings.partitionKeyProperty device-id"),
        ("x509", "it does not take the method X509Certificate for custom-kafka"),
        ("path", "it has no option for the path of the host"),
        ("sovereign", "it writes the host <namespace>.servicebus.windows.net:9093, not my-namespace.servicebus.usgovcloudapi.net:9093"),
        ("no-ca", "without --config-map-ref it writes azure-iot-operations-aio-ca-trust-bundle"),
        ("no-host", "it needs a host"),
        ("hostType", "it has no option for hostType"),
        ("unknown", "the endpoint has members that it does not know"),
        ("plain-event-hubs", "it has no option for kafkaSettings.tls.mode Disabled"),
        ("read-only", "it has no kind for the type DataExplorer"));

    [Theory]
    [MemberData(nameof(Unsayable))]
    public async Task WhatCreateCannotSayIsAppliedFromAFileAndTheNoteSaysWhy(string what, string why)
    {
        var endpoint = Cannot(what);
        var document = EndpointDocuments.Write(endpoint, DocumentFormat.Az);
        Assert.Contains(why, Assert.Single(document.Notes, note => note.Code == "az-apply").Message);
        var words = await RunAsync(endpoint);
        Assert.Equal("apply", words[5]);
        var json = string.Join('\n', words.SkipWhile(word => word != "file").Skip(1));
        var arm = JsonNode.Parse(EndpointDocuments.Write(endpoint, DocumentFormat.Arm).Text)!;
        Assert.True(JsonNode.DeepEquals(arm["resources"]![0]!["properties"], JsonNode.Parse(json)));
    }

    [Fact]
    public void TheDefaultOfTheCommandIsNoted() =>
        Assert.Contains(EndpointDocuments.Write(ValidEndpoint.Of(EndpointKind.CustomMqtt), DocumentFormat.Az).Notes, note => note.Code == "az-defaults" && note.Message.Contains("3600"));

    [Fact]
    public async Task TheShellHandsEveryTextOnAsItIs()
    {
        string[] texts = ["$ConnectionString", "it's", "a \"b\"", "`id`", "$(id)", "${HOME}", "a;b", "a\nb", "!x", "*", "~", "#x", "\\", "-n", "ä 😀"];
        foreach (var text in texts)
        {
            var endpoint = ValidEndpoint.Of(EndpointKind.CustomKafka) with { Settings = ValidEndpoint.Of(EndpointKind.CustomKafka).Kafka! with { ConsumerGroupId = text } };
            var output = await OutputAsync(EndpointDocuments.Write(endpoint, DocumentFormat.Az).Text);
            Assert.Contains($"<--group-id>\n<{text}>\n", output);
        }
    }

    /// <summary>No text of a half-filled form leaves its quotes, its file or its comment.</summary>
    [Fact]
    public async Task OneCommandRunsWhateverTheFormHolds()
    {
        var texts = AnyEndpoint.Wild.Array[40];
        foreach (var endpoint in texts.Single())
        {
            var text = EndpointDocuments.Write(endpoint, DocumentFormat.Az, new DocumentOptions { Instance = "it's $HOME", ResourceGroup = "`id`" }).Text;
            var output = await OutputAsync(text);
            Assert.Single(Regex.Matches(output, "^az\n<iot>", RegexOptions.Multiline));
            Assert.DoesNotContain("kubectl\n<", output);
        }
    }

    [Fact]
    public async Task TheCommandsThatGoWithTheEndpointStandBelowAsComments()
    {
        var text = EndpointDocuments.Write(ValidEndpoint.Full(EndpointKind.EventHubs, AuthenticationMethod.Sasl), DocumentFormat.Az, new DocumentOptions { Namespace = "plant", ResourceGroup = "my group" }).Text;
        var comments = string.Join('\n', text.Split('\n').Where(line => line.StartsWith("# ")).Select(line => line[2..]).Where(line => line.StartsWith("kubectl") || line.StartsWith("az ") || line.StartsWith("  ")));
        Assert.Equal(
            "kubectl <create> <secret> <generic> <sasl-secret> <-n> <plant> <--from-literal=username=$ConnectionString> <--from-literal=password=<CONNECTION_STRING>> "
            + "kubectl <create> <configmap> <client-ca-configmap> <--from-file=ca.crt> <-n> <plant> kubectl <apply> <-f> <my-eventhub.yaml> "
            + "az <deployment> <group> <create> <--resource-group> <my group> <--template-file> <my-eventhub.bicep>",
            (await OutputAsync(comments)).Trim().ReplaceLineEndings(" "));
    }

    [Fact]
    public void TheConfigMapThatComesWithTheProductIsNotMade() =>
        Assert.DoesNotContain("configmap", EndpointDocuments.Write(EndpointKind.LocalMqtt.New("default"), DocumentFormat.Az).Text);

    [Fact]
    public async Task AHalfFilledFormHasPlaceholders()
    {
        var words = await RunAsync(EndpointKind.EventHubs.New() with { Settings = new KafkaSettings { Authentication = new Authentication.Sasl() } }, EndpointKind.EventHubs);
        Assert.Equal(
            ["--name", "<ENDPOINT_NAME>", "--instance", "<AIO_INSTANCE_NAME>", "--resource-group", "<RESOURCE_GROUP>", "--eventhub-namespace", "<EVENT_HUBS_NAMESPACE>",
             "--auth-type", "Sasl", "--sasl-type", "<SASL_TYPE>", "--secret-name", "<SYNCED_SECRET_NAME>"],
            words[7..]);
        Assert.Equal(["--hostname", "<HOSTNAME>", "--port", "<PORT>", "--auth-type", "<AUTHENTICATION_METHOD>"], (await RunAsync(EndpointKind.CustomMqtt.New("line3"), EndpointKind.CustomMqtt))[13..]);
    }

    private static DataflowEndpoint Cannot(string what)
    {
        var kafka = ValidEndpoint.Of(EndpointKind.CustomKafka);
        var local = ValidEndpoint.Of(EndpointKind.LocalMqtt);
        var eventHubs = ValidEndpoint.Of(EndpointKind.EventHubs);
        return what switch
        {
            "partitionKeyProperty" => kafka with { Settings = kafka.Kafka! with { PartitionStrategy = PartitionStrategy.Property, PartitionKeyProperty = "device-id" } },
            "x509" => ValidEndpoint.Of(EndpointKind.CustomKafka, AuthenticationMethod.X509Certificate),
            "path" => ValidEndpoint.Of(EndpointKind.CustomMqtt) with { Settings = ValidEndpoint.Of(EndpointKind.CustomMqtt).Mqtt! with { Host = "broker.example:443/mqtt", Protocol = MqttProtocol.WebSockets } },
            "sovereign" => eventHubs with { Settings = eventHubs.Settings! with { Host = "my-namespace.servicebus.usgovcloudapi.net:9093" } },
            "no-ca" => local with { Settings = local.Settings! with { Tls = new TlsSettings() } },
            "no-host" => local with { Settings = local.Settings! with { Host = null } },
            "hostType" => kafka with { HostType = "CustomKafka" },
            "unknown" => Manifest.Read(Manifest.Write(kafka) + "    future: 1\n").Endpoint!,
            "plain-event-hubs" => eventHubs with { Settings = eventHubs.Settings! with { Tls = new TlsSettings { Mode = OperationalMode.Disabled } } },
            _ => Manifest.Read("{apiVersion: connectivity.iotoperations.azure.com/v1, kind: DataflowEndpoint, metadata: {name: adx}, spec: {endpointType: DataExplorer, dataExplorerSettings: {host: x}}}").Endpoint!,
        };
    }

    private static async Task<string[]> RunAsync(DataflowEndpoint endpoint, EndpointKind? kind = null)
    {
        var output = await OutputAsync(EndpointDocuments.Write(endpoint, DocumentFormat.Az, new DocumentOptions { Kind = kind }).Text);
        return [.. output.TrimEnd('\n').Split('\n').Select(line => line is ['<', .., '>'] ? line[1..^1] : line)];
    }

    private static async Task<string> OutputAsync(string script)
    {
        using var folder = new TemporaryFolder();
        var run = await ProcessRunner.RunAsync("bash", ["-euo", "pipefail"], Stubs + script, workingFolder: folder.Path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("", run.Error);
        return run.MustSucceed().Output;
    }
}
