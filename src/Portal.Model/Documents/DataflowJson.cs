using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>The <c>spec</c> of a Dataflow: the operations as one source, at most one transformation and one destination.</summary>
internal static class DataflowJson
{
    public const string SourceType = "Source";
    public const string TransformationType = "BuiltInTransformation";
    public const string DestinationType = "Destination";

    private static readonly MemberNames Names = new(["spec.profileRef", "spec.mode", "spec.requestDiskPersistence", "spec.operations"]);

    private static readonly MemberNames OperationNames = MemberNames.OfItem(
        "operationType", "name", "sourceSettings.endpointRef", "sourceSettings.dataSources", "sourceSettings.assetRef", "sourceSettings.schemaRef", "sourceSettings.serializationFormat",
        "builtInTransformationSettings.serializationFormat", "builtInTransformationSettings.schemaRef", "builtInTransformationSettings.datasets",
        "builtInTransformationSettings.filter", "builtInTransformationSettings.map",
        "destinationSettings.endpointRef", "destinationSettings.dataDestination", "destinationSettings.headers");

    private static readonly MemberNames RuleNames = MemberNames.OfItem("key", "inputs", "expression", "output", "type", "schemaRef", "description");

    private static readonly MemberNames HeaderNames = MemberNames.OfItem("actionType", "key", "value");

    public static Dataflow Read(ShapeReader shape, string name)
    {
        shape.CheckNames(Names);
        var flow = new Dataflow
        {
            Name = name,
            ProfileRef = shape.Text("spec.profileRef"),
            Mode = shape.Choice<OperationalMode>("spec.mode"),
            RequestDiskPersistence = shape.Choice<OperationalMode>("spec.requestDiskPersistence"),
        };
        foreach (var operation in shape.Objects("spec.operations"))
            flow = ReadOperation(operation, flow);
        return flow;
    }

    private static Dataflow ReadOperation(ShapeReader operation, Dataflow flow)
    {
        operation.CheckNames(OperationNames);
        var type = operation.Text("operationType");
        switch (type)
        {
            case SourceType:
                CheckFirst(operation, flow.Source is null, "several-sources", "source", "Keep one Source, with several entries in dataSources where needed.");
                return flow with { Source = ReadSource(operation) };
            case TransformationType:
                CheckFirst(operation, flow.Transformation is null, "several-transformations", "transformation", "Put all rules into one BuiltInTransformation.");
                return flow with { Transformation = ReadTransformation(operation) };
            case DestinationType:
                CheckFirst(operation, flow.Destination is null, "several-destinations", "destination", "Keep one Destination, and make another dataflow for the other.");
                return flow with { Destination = ReadDestination(operation) };
            default:
                // A type that is no text has its finding already.
                if (type is not null || operation.Root["operationType"] is null)
                    operation.Add(Finding.Error(
                        "operation-type", operation.PathOf("operationType"), type is null ? "The operationType is missing." : $"The operationType '{type}' is not known.",
                        $"Write one of {SourceType}, {TransformationType}, {DestinationType}."));
                return flow;
        }
    }

    private static void CheckFirst(ShapeReader operation, bool isFirst, string code, string what, string fix)
    {
        if (!isFirst)
            operation.Add(Finding.Error(code, operation.PathOf("operationType"), $"This is a second {what}; a dataflow has at most one.", fix));
    }

    private static DataflowSource ReadSource(ShapeReader operation) => new()
    {
        Name = operation.Text("name"),
        EndpointRef = operation.Text("sourceSettings.endpointRef"),
        DataSources = operation.Texts("sourceSettings.dataSources"),
        AssetRef = operation.Text("sourceSettings.assetRef"),
        SchemaRef = operation.Text("sourceSettings.schemaRef"),
        SerializationFormat = operation.Choice<SerializationFormat>("sourceSettings.serializationFormat"),
    };

    private static DataflowDestination ReadDestination(ShapeReader operation) => new()
    {
        Name = operation.Text("name"),
        EndpointRef = operation.Text("destinationSettings.endpointRef"),
        DataDestination = operation.Text("destinationSettings.dataDestination"),
        Headers = [.. operation.Objects("destinationSettings.headers").Select(header =>
        {
            header.CheckNames(HeaderNames);
            return new DestinationHeader { Action = header.Choice<HeaderAction>("actionType"), Key = header.Text("key"), Value = header.Text("value") };
        })],
    };

    private static Transformation ReadTransformation(ShapeReader operation) => new()
    {
        Name = operation.Text("name"),
        SerializationFormat = operation.Choice<SerializationFormat>("builtInTransformationSettings.serializationFormat"),
        SchemaRef = operation.Text("builtInTransformationSettings.schemaRef"),
        Datasets = Rules(operation, "builtInTransformationSettings.datasets", rule => new TransformationDataset
        {
            Key = rule.Text("key"),
            Inputs = rule.Texts("inputs"),
            Expression = rule.Text("expression"),
            SchemaRef = rule.Text("schemaRef"),
            Description = rule.Text("description"),
        }),
        Filters = Rules(operation, "builtInTransformationSettings.filter", rule => new TransformationFilter
        {
            Inputs = rule.Texts("inputs"),
            Expression = rule.Text("expression"),
            Type = rule.Choice<FilterType>("type"),
            Description = rule.Text("description"),
        }),
        Maps = Rules(operation, "builtInTransformationSettings.map", rule => new TransformationMap
        {
            Inputs = rule.Texts("inputs"),
            Output = rule.Text("output"),
            Expression = rule.Text("expression"),
            Type = rule.Choice<MapType>("type"),
            Description = rule.Text("description"),
        }),
    };

    private static ValueList<T> Rules<T>(ShapeReader operation, string path, Func<ShapeReader, T> read) =>
        [.. operation.Objects(path).Select(rule =>
        {
            rule.CheckNames(RuleNames);
            return read(rule);
        })];
}
