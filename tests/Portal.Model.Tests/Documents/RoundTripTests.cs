using System.Text.Json.Nodes;
using CsCheck;
using Portal.Model.Documents;
using Portal.Model.Endpoints;

namespace Portal.Model.Tests.Documents;

/// <summary>What is written is read back as it was, whatever the texts hold.</summary>
public sealed class RoundTripTests
{
    [Fact]
    public void AValidEndpointComesBackFromYaml() => AnyEndpoint.Valid.Sample(endpoint => Assert.Equal(endpoint, ReadBack(Manifest.Write(endpoint))), iter: 1000);

    [Fact]
    public void AnyEndpointComesBackFromYaml() => AnyEndpoint.Wild.Sample(endpoint => Assert.Equal(endpoint, ReadBack(Manifest.Write(endpoint))), iter: 2000);

    [Theory]
    [InlineData("a *b")]
    [InlineData("<< *base")]
    [InlineData("a &b")]
    [InlineData("a: b")]
    [InlineData("a #b")]
    public void AMemberOfAnyNameComesBackFromYaml(string name)
    {
        var read = Manifest.Read(new JsonObject
        {
            ["apiVersion"] = "connectivity.iotoperations.azure.com/v1",
            ["kind"] = "DataflowEndpoint",
            ["metadata"] = new JsonObject { ["name"] = "line3" },
            ["spec"] = new JsonObject
            {
                ["endpointType"] = "Mqtt",
                ["mqttSettings"] = new JsonObject { ["host"] = "a:1883", ["authentication"] = new JsonObject { ["method"] = "Anonymous" }, [name] = null, ["x"] = new JsonObject { [name] = name } },
            },
        }.ToJsonString());
        Assert.Equal(read.Resource, Manifest.Read(Manifest.Write(read.Resource!)).Resource);
    }

    [Fact]
    public void AnyEndpointComesBackFromJson() => AnyEndpoint.Wild.Sample(
        endpoint => Assert.Equal(endpoint, ReadBack(EndpointDocuments.Write(endpoint, DocumentFormat.Json).Text)), iter: 1000);

    [Fact]
    public void AnyEndpointHasEveryDocument() => AnyEndpoint.Wild.Sample(
        endpoint => Assert.All(Enum.GetValues<DocumentFormat>(), format => Assert.EndsWith("\n", EndpointDocuments.Write(endpoint, format).Text, StringComparison.Ordinal)), iter: 500);

    /// <summary>The documents agree but for what Azure's types lack, and a note names each such member.</summary>
    [Fact]
    public void AnEndpointComesBackFromArmButForWhatTheNotesName() => Gen.Select(AnyEndpoint.Valid, AnyEndpoint.Pick([.. DocumentOptions.ApiVersions])).Sample(
        (endpoint, version) => ArmComparison.Check(endpoint, version, EndpointDocuments.Write(endpoint, DocumentFormat.Arm, new DocumentOptions { ApiVersion = version }).Text), iter: 1000);

    [Fact]
    public void AnUnchangedDocumentIsWrittenAsItWasRead() => Gen.Select(AnyEndpoint.Valid, Gen.Int[0, 1000]).Sample(
        (endpoint, shuffle) =>
        {
            var foreign = Foreign(ResourceJson.Write(endpoint), new Random(shuffle));
            var text = foreign.ToJsonString();
            var read = ResourceJson.Read(foreign).Endpoint!;
            Assert.NotNull(read.Kept);
            Assert.Equal(endpoint, read with { Kept = null });
            Assert.Equal(text, ResourceJson.Write(read).ToJsonString());
            Assert.Equal(read, Manifest.Read(Manifest.Write(read)).Resource);
        },
        iter: 1000);

    [Fact]
    public void AnEditChangesOnlyWhatItSays() => Gen.Select(AnyEndpoint.Valid, AnyEndpoint.Valid, Gen.Int[0, 1000]).Where((a, b, _) => a.EndpointType == b.EndpointType).Sample(
        (endpoint, edited, shuffle) =>
        {
            var foreign = Foreign(ResourceJson.Write(endpoint), new Random(shuffle));
            var read = ResourceJson.Read(foreign).Endpoint!;
            var written = ResourceJson.Write(edited with { Kept = read.Kept });
            Assert.Equal(edited, ResourceJson.Read(written).Endpoint! with { Kept = null });
            Assert.Equal("kept", (string?)written["metadata"]!["labels"]!["app.kubernetes.io/name"]);
            Assert.Equal("""{"future":[1.50,"0123",null]}""", written["spec"]!["futureSettings"]!.ToJsonString());
            Assert.Equal("1e3", written["status"]!["number"]!.ToJsonString());
        },
        iter: 1000);

    /// <summary>The same document by another hand: members in another order, and members that the model does not know.</summary>
    private static JsonObject Foreign(JsonObject root, Random random)
    {
        root["status"] = JsonNode.Parse("""{ "number": 1e3 }""");
        root["metadata"]!["labels"] = JsonNode.Parse("""{ "app.kubernetes.io/name": "kept" }""");
        root["spec"]!["futureSettings"] = JsonNode.Parse("""{ "future": [1.50, "0123", null] }""");
        return Shuffle(root, random);
    }

    private static JsonObject Shuffle(JsonObject parent, Random random)
    {
        var members = parent.Select(member => KeyValuePair.Create(member.Key, member.Value is JsonObject child ? Shuffle(child, random) : member.Value?.DeepClone())).ToArray();
        random.Shuffle(members);
        return new JsonObject(members);
    }

    private static DataflowEndpoint ReadBack(string text)
    {
        var read = Manifest.Read(text);
        Assert.True(read.Findings.Count == 0, string.Join("\n", read.Findings) + "\n" + text);
        return read.Endpoint!;
    }
}

/// <summary>Compares what an ARM template says with the endpoint that it was made from.</summary>
internal static class ArmComparison
{
    public static void Check(DataflowEndpoint endpoint, string version, string template)
    {
        var notes = EndpointDocuments.Write(endpoint, DocumentFormat.Arm, new DocumentOptions { ApiVersion = version }).Notes.Select(note => note.Path).ToList();
        var read = ArmDocument.Read(template);
        Assert.True(read.Findings.Count == 0, string.Join("\n", read.Findings) + "\n" + template);
        var expected = endpoint;
        if (endpoint.Kafka is { PartitionKeyProperty: not null } kafka)
        {
            expected = expected with { Settings = kafka with { PartitionKeyProperty = null } };
            Assert.Contains("spec.kafkaSettings.partitionKeyProperty", notes);
        }
        if (endpoint.HostType is not null && string.CompareOrdinal(version, "2025-07") < 0)
        {
            expected = expected with { HostType = null };
            Assert.Contains("spec.hostType", notes);
        }
        if (endpoint.Namespace is not (null or Resource.DefaultNamespace))
            Assert.Contains("metadata.namespace", notes);
        if (endpoint.Settings?.Authentication is Authentication.Anonymous)
            Assert.Contains($"spec.{endpoint.Settings.Member}.authentication.anonymousSettings", notes);
        Assert.Equal(expected with { Namespace = Resource.DefaultNamespace }, read.Endpoint);
    }
}
