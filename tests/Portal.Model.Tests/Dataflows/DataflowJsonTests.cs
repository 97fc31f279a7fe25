using System.Text.Json.Nodes;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Dataflows;

public sealed class DataflowJsonTests
{
    private const string Head = """{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"Dataflow","metadata":{"name":"flow"},"spec":""";

    private const string Whole = Head + """
        {"extra":1,"operations":[{"operationType":"Destination","destinationSettings":{"dataDestination":"out","note":"kept","endpointRef":"kafka","headers":[{"key":"a","actionType":"Remove"}]}},
        {"operationType":"BuiltInTransformation","name":"t","builtInTransformationSettings":{"map":[{"output":"*","inputs":["*"]},{"inputs":["a"],"note":2,"output":"b","type":"Rename"}],
        "filter":[{"expression":"$1 > 1","inputs":["a"],"type":"Filter"}],"datasets":[],"schemaRef":"s","serializationFormat":"Json"}},
        {"sourceSettings":{"dataSources":["x/#","y"],"endpointRef":"default","assetRef":"press","schemaRef":"in"},"operationType":"Source"}],
        "mode":"Disabled","requestDiskPersistence":"Enabled","profileRef":"default"}}
        """;

    private static string Text(string json) => json.ReplaceLineEndings("").Replace("        ", "", StringComparison.Ordinal);

    private static Dataflow Read(string json)
    {
        var read = ResourceJson.Read(JsonNode.Parse(json)!.AsObject());
        Assert.Empty(read.Findings);
        return Assert.IsType<Dataflow>(read.Resource);
    }

    private static string Written(Dataflow flow) => JsonText.Compact(ResourceJson.Write(flow));

    public static Dataflow Full { get; } = new()
    {
        Name = "press-telemetry",
        Namespace = Resource.DefaultNamespace,
        ProfileRef = "default",
        Mode = OperationalMode.Enabled,
        Source = new DataflowSource { EndpointRef = "default", DataSources = ["line3/+/telemetry", "line4/#"], AssetRef = "press-07", SchemaRef = "aio-sr://ns/in:1", SerializationFormat = SerializationFormat.Json, Name = "source" },
        Transformation = new Transformation
        {
            Name = "rules",
            SchemaRef = "aio-sr://ns/out:1",
            SerializationFormat = SerializationFormat.Json,
            Filters = [new TransformationFilter { Type = FilterType.Filter, Inputs = ["temp_c"], Expression = "$1 > -40", Description = "Broken sensors" }],
            Maps =
            [
                new TransformationMap { Type = MapType.PassThrough, Inputs = ["*"], Output = "*" },
                new TransformationMap { Type = MapType.Rename, Inputs = ["temp_c"], Output = "temperature" },
                new TransformationMap { Type = MapType.Compute, Inputs = ["rpm", "load"], Output = "power", Expression = "$1 * $2" },
                new TransformationMap { Inputs = ["internal"], Output = "" },
            ],
        },
        Destination = new DataflowDestination
        {
            EndpointRef = "eh-telemetry",
            DataDestination = "line3-telemetry",
            Headers = [new DestinationHeader { Action = HeaderAction.AddOrReplace, Key = "site", Value = "leipzig" }, new DestinationHeader { Action = HeaderAction.Remove, Key = "debug" }],
        },
    };

    [Fact]
    public void Nobodys_change_writes_nothing()
    {
        var flow = Read(Text(Whole));
        Assert.Equal(Text(Whole), Written(flow));
        Assert.Equal(("default", ["x/#", "y"], "press"), (flow.Source!.EndpointRef, flow.Source.DataSources, flow.Source.AssetRef));
        Assert.Equal((2, 1, "Rename"), (flow.Transformation!.Maps.Count, flow.Transformation.Filters.Count, flow.Transformation.Maps[1].Type.ToString()));
        Assert.Equal((HeaderAction.Remove, false), (flow.Destination!.Headers[0].Action, flow.IsEnabled));
    }

    [Fact]
    public void A_change_leaves_everything_else_as_it_was()
    {
        var flow = Read(Text(Whole));
        Assert.Equal(
            Text(Whole).Replace("\"out\"", "\"other\"", StringComparison.Ordinal), Written(flow with { Destination = flow.Destination! with { DataDestination = "other" } }));
        Assert.Equal(
            Text(Whole).Replace("[\"x/#\",\"y\"]", "[\"z\"]", StringComparison.Ordinal), Written(flow with { Source = flow.Source! with { DataSources = ["z"] } }));
        var maps = flow.Transformation!.Maps;
        Assert.Equal(
            Text(Whole).Replace("{\"output\":\"*\",\"inputs\":[\"*\"]},", "", StringComparison.Ordinal), Written(flow with { Transformation = flow.Transformation with { Maps = [maps[1]] } }));
        Assert.Equal(
            Text(Whole).Replace("\"output\":\"b\"", "\"output\":\"c\"", StringComparison.Ordinal),
            Written(flow with { Transformation = flow.Transformation with { Maps = [maps[0], maps[1] with { Output = "c" }] } }));
        Assert.DoesNotContain("BuiltIn", Written(flow with { Transformation = null }), StringComparison.Ordinal);
        Assert.Equal(flow with { Transformation = null, Kept = null }, Read(Written(flow with { Transformation = null })) with { Kept = null });
    }

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        Assert.Equal(Full, Read(Written(Full)));
        Assert.Null(Read(Written(Full)).Kept);
        var bare = new Dataflow { Name = "bare" };
        Assert.Equal(bare, Read(Written(bare)) with { Kept = null });
        var added = Read(Written(Full with { Transformation = null })) with { Transformation = Full.Transformation };
        Assert.Equal(Full, Read(Written(added)) with { Kept = null });
        Assert.Equal(
            [DataflowJson.SourceType, DataflowJson.TransformationType, DataflowJson.DestinationType],
            ResourceJson.Write(added)["spec"]!["operations"]!.AsArray().Select(operation => (string?)operation!["operationType"]));
    }

    [Fact]
    public void Its_document_is_as_its_golden_file()
    {
        GoldenFile.Compare("dataflow/full.yaml", Manifest.Write(Full));
        GoldenFile.Compare("dataflow/bare.yaml", Manifest.Write(Full with { Transformation = null, Namespace = null, Mode = null, Source = new DataflowSource { EndpointRef = "default", DataSources = ["a"] }, Destination = Full.Destination! with { Headers = [] } }));
        GoldenFile.Compare("dataflow/profile.yaml", Manifest.Write(new DataflowProfile { Name = "line3", InstanceCount = 2, LogLevel = "debug", PrometheusPort = 9601 }));
    }

    [Theory]
    [InlineData("""{"operations":[{"operationType":"Source"},{"operationType":"Source"}]}""", "several-sources", "spec.operations[1].operationType")]
    [InlineData("""{"operations":[{"operationType":"Destination"},{"operationType":"Destination"}]}""", "several-destinations", "spec.operations[1].operationType")]
    [InlineData("""{"operations":[{"operationType":"BuiltInTransformation"},{"operationType":"BuiltInTransformation"}]}""", "several-transformations", "spec.operations[1].operationType")]
    [InlineData("""{"operations":[{"operationType":"source"}]}""", "operation-type", "spec.operations[0].operationType")]
    [InlineData("""{"operations":[{}]}""", "operation-type", "spec.operations[0].operationType")]
    [InlineData("""{"operations":["a"]}""", "not-an-object", "spec.operations[0]")]
    [InlineData("""{"operations":[{"operationType":"Source","sourceSettings":{"dataSources":"a"}}]}""", "not-a-list", "spec.operations[0].sourceSettings.dataSources")]
    [InlineData("""{"operations":[{"operationType":"Source","sourceSettings":{"dataSources":["a",1]}}]}""", "not-a-text", "spec.operations[0].sourceSettings.dataSources[1]")]
    [InlineData("""{"operations":[{"operationType":"Source","sourceSettings":{"EndpointRef":"a"}}]}""", "member-case", "spec.operations[0].sourceSettings.EndpointRef")]
    [InlineData("""{"operations":[{"operationType":"Source","sourceSettings":[]}]}""", "not-an-object", "spec.operations[0].sourceSettings")]
    [InlineData("""{"operations":[{"operationType":"BuiltInTransformation","builtInTransformationSettings":{"map":[{"type":"Magic"}]}}]}""", "unknown-value", "spec.operations[0].builtInTransformationSettings.map[0].type")]
    [InlineData("""{"operations":[{"operationType":"BuiltInTransformation","builtInTransformationSettings":{"map":[{"Inputs":["a"]}]}}]}""", "member-case", "spec.operations[0].builtInTransformationSettings.map[0].Inputs")]
    [InlineData("""{"operations":[{"operationType":"Destination","destinationSettings":{"headers":[{"actionType":"Add"}]}}]}""", "unknown-value", "spec.operations[0].destinationSettings.headers[0].actionType")]
    [InlineData("""{"requestDiskPersistence":"yes"}""", "unknown-value", "spec.requestDiskPersistence")]
    public void A_wrong_shape_is_an_error_with_its_place(string spec, string code, string path)
    {
        var read = ResourceJson.Read(JsonNode.Parse(Head + spec + "}")!.AsObject());
        Assert.Null(read.Resource);
        Assert.Contains((code, path), read.Findings.Select(finding => (finding.Code, finding.Path)));
        Assert.All(read.Findings, finding => Assert.StartsWith("spec.", finding.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_place_in_a_list_has_its_line_and_column()
    {
        var read = Manifest.Read("apiVersion: connectivity.iotoperations.azure.com/v1\nkind: Dataflow\nmetadata:\n  name: flow\nspec:\n  operations:\n    - operationType: Source\n      sourceSettings:\n        dataSources:\n          - 5\n");
        var finding = Assert.Single(read.Findings);
        Assert.Equal((10, 13), (finding.Line, finding.Column));
    }
}
