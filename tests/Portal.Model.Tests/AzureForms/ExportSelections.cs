using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.AzureForms;

/// <summary>Selections to export, each with the API version that it is exported in.</summary>
internal static class ExportSelections
{
    public static IReadOnlyList<(string Name, IReadOnlyList<StoredResource> Selection, string Version)> All { get; } =
    [
        .. DocumentOptions.ApiVersions.Select(version => ($"everything@{version}", (IReadOnlyList<StoredResource>)[.. Endpoints, Profile, Telemetry, Recipes], version)),
        ("one endpoint", [Endpoints[0]], DocumentOptions.DefaultApiVersion),
        ("a flow without its profile", [Recipes, Telemetry], DocumentOptions.DefaultApiVersion),
        ("a profile", [Profile], DocumentOptions.DefaultApiVersion),
        ("names that clash", [Stored(ValidEndpoint.Of(EndpointKind.CustomMqtt) with { Name = "line-3" }), Stored(ValidEndpoint.Of(EndpointKind.CustomMqtt) with { Name = "line--3" }), Stored(new DataflowProfile { Name = "line-3" })], DocumentOptions.DefaultApiVersion),
        ("what Azure cannot say", [Limits], DocumentOptions.DefaultApiVersion),
    ];

    /// <summary>Every golden manifest of the test project, a resource each.</summary>
    public static IEnumerable<StoredResource> Golden()
    {
        var golden = Path.Combine(RepositoryRoot.TestProject, "Golden");
        return Directory.EnumerateFiles(golden, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => Stored(Manifest.Read(File.ReadAllText(file))) with { Location = Path.GetRelativePath(golden, file) });
    }

    public static StoredResource Limits => Stored(EndpointKind.CustomKafka.New("limits") with
    {
        Namespace = "plant-7",
        Settings = new KafkaSettings
        {
            Host = "kafka.example:9092",
            Authentication = new Authentication.Anonymous(),
            PartitionStrategy = PartitionStrategy.Property,
            PartitionKeyProperty = "device",
            Batching = new BatchingSettings { MaxBytes = 3_000_000_000 },
        },
    });

    public static IReadOnlyList<StoredResource> Endpoints => [.. EndpointKind.All.Select(kind => Stored(ValidEndpoint.Full(kind, kind.Methods[^1]) with { Name = "end-" + kind.Id, HostType = kind.HostType }))];

    public static StoredResource Profile => Stored(Manifest.Read("""
        # at night
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: DataflowProfile
        metadata: {name: night}
        spec:
          instanceCount: 3 # one a hall
          diagnostics: {logs: {level: info}, metrics: {prometheusPort: 9600}}
        """));

    public static StoredResource Telemetry => Stored(Manifest.Read("""
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: Dataflow
        metadata:
          name: telemetry
        spec:
          profileRef: night
          mode: Enabled
          operations:
            - operationType: Source
              name: from-the-hall
              sourceSettings:
                endpointRef: end-local-mqtt
                dataSources: ["line3/+/telemetry"]
                serializationFormat: Json
            - operationType: BuiltInTransformation
              builtInTransformationSettings:
                map:
                  - inputs: ["temperature.Value"]
                    output: temp_c
                    type: Compute
                    expression: ($1 - 32) * 5/9
                    description: it's in °C
                filter:
                  - inputs: ["temperature.Value"]
                    expression: $1 > 0
            - operationType: Destination
              destinationSettings:
                endpointRef: end-eventhub
                dataDestination: telemetry
        """));

    public static StoredResource Recipes => Stored(Manifest.Read("""
        apiVersion: connectivity.iotoperations.azure.com/v1
        kind: Dataflow
        metadata:
          name: recipes
        spec:
          operations:
            - operationType: Source
              sourceSettings: {endpointRef: end-custom-kafka, dataSources: [recipes]}
            - operationType: Destination
              destinationSettings: {endpointRef: elsewhere, dataDestination: "recipes/${inputTopic}"}
        """));

    private static StoredResource Stored(ReadResult read)
    {
        Assert.Empty(read.Findings);
        return Stored(read.Resource!);
    }

    private static StoredResource Stored(Resource resource) => new(resource, "1", DateTimeOffset.UnixEpoch, resource.Name + ".yaml");
}
