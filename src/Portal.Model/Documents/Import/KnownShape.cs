using Portal.Model.Endpoints;
using Portal.Model.Fields;

namespace Portal.Model.Documents.Import;

/// <summary>What is known of a kind's document: the names of its members, and the values of those that take one of a few.</summary>
internal sealed class KnownShape
{
    private static readonly string[] OnOff = Enum.GetNames<OperationalMode>();

    /// <summary>Members of <c>authentication</c> in the shape of 2024-07-01-preview, and the one that only storage has.</summary>
    private static readonly string[] OldMembers =
    [
        "saslSettings.tokenSecretRef", "saslSettings.tokenSecretName", "x509CredentialsSettings.secretRef", "x509CredentialsSettings.certificateSecretRef",
        "x509CredentialsSettings.certificateSecretName", "userAssignedManagedIdentitySettings.audience", "accessTokenSecretRef", "accessTokenSettings.secretRef",
    ];

    private readonly Dictionary<string, IReadOnlyList<string>> values;
    private readonly HashSet<string> numbers;

    private KnownShape(IEnumerable<string> paths, Dictionary<string, IReadOnlyList<string>> values, HashSet<string> numbers)
    {
        Names = new MemberNames(paths.Concat(values.Keys).Concat(numbers));
        this.values = values;
        this.numbers = numbers;
    }

    /// <summary>Member names by the path of their parent; items of a list have <c>[]</c> in it.</summary>
    public MemberNames Names { get; }

    /// <summary>Endpoints, with the members of 2024-07-01-preview and of slips of the documentation, which are moved or renamed.</summary>
    public static KnownShape Endpoint { get; } = MakeEndpoint();

    public static KnownShape Dataflow { get; } = new(
        [
            "spec.profileRef", "spec.operations[].name", .. Operation("sourceSettings", "endpointRef", "dataSources", "assetRef", "schemaRef"),
            .. Operation("destinationSettings", "endpointRef", "dataDestination", "headers[].key", "headers[].value"),
            .. Operation("builtInTransformationSettings", "schemaRef"),
            .. Operation("builtInTransformationSettings.datasets[]", "key", "inputs", "expression", "schemaRef", "description"),
            .. Operation("builtInTransformationSettings.filter[]", "inputs", "expression", "description"),
            .. Operation("builtInTransformationSettings.map[]", "inputs", "output", "expression", "description"),
        ],
        new()
        {
            ["spec.mode"] = OnOff,
            ["spec.requestDiskPersistence"] = OnOff,
            ["spec.operations[].operationType"] = ["Source", "BuiltInTransformation", "Destination"],
            ["spec.operations[].sourceSettings.serializationFormat"] = ["Json"],
            ["spec.operations[].builtInTransformationSettings.serializationFormat"] = ["Json", "Parquet", "Delta"],
            ["spec.operations[].builtInTransformationSettings.filter[].type"] = ["Filter"],
            ["spec.operations[].builtInTransformationSettings.map[].type"] = ["NewProperties", "Rename", "Compute", "PassThrough", "BuiltInFunction"],
            ["spec.operations[].destinationSettings.headers[].actionType"] = ["AddIfNotPresent", "AddOrReplace", "Remove"],
        },
        []);

    public static KnownShape Profile { get; } = new(["spec.diagnostics.logs.level"], [], ["spec.instanceCount", "spec.diagnostics.metrics.prometheusPort"]);

    public static KnownShape Of(ResourceKind kind) => kind switch
    {
        ResourceKind.DataflowEndpoint => Endpoint,
        ResourceKind.Dataflow => Dataflow,
        _ => Profile,
    };

    /// <summary>The values that a member may have; null when any.</summary>
    public IReadOnlyList<string>? ValuesOf(string pattern) => values.GetValueOrDefault(pattern);

    public bool IsNumber(string pattern) => numbers.Contains(pattern);

    private static IEnumerable<string> Operation(string settings, params string[] members) => members.Select(member => $"spec.operations[].{settings}.{member}");

    private static KnownShape MakeEndpoint()
    {
        // The settings beside their block, where slips put them.
        static string Beside(string path) => "spec." + path[(path.IndexOf("Settings.", StringComparison.Ordinal) + "Settings.".Length)..];
        string[] roots = ["spec.authentication", .. Enum.GetValues<Wire>().Select(wire => $"spec.{BrokerSettings.MemberOf(wire)}.authentication")];
        var fields = Enum.GetValues<Wire>().SelectMany(wire => EndpointFields.For(wire)).ToList();
        var values = new Dictionary<string, IReadOnlyList<string>>
        {
            ["spec.endpointType"] = [.. Enum.GetNames<Wire>(), .. EndpointJson.OtherTypes.Keys],
            ["spec.hostType"] = [.. EndpointKind.All.Select(kind => kind.HostType), "FabricRT"],
        };
        foreach (var field in fields.Where(field => field.Choices.Length > 0 && field.Range is null))
            values[field.FullPath] = values[Beside(field.Path)] = [.. field.Choices.Select(choice => choice.Value)];
        return new KnownShape(
            [
                .. EndpointJson.Paths, .. EndpointJson.Paths.Where(path => path.Contains("Settings.", StringComparison.Ordinal)).Select(path => Beside(path[5..])),
                .. roots.SelectMany(root => OldMembers.Select(member => root + "." + member)),
                .. Enum.GetValues<Wire>().Select(wire => $"spec.{BrokerSettings.MemberOf(wire)}.tls.trustedCaCertificateConfigMap"), "spec.tls.trustedCaCertificateConfigMap",
            ],
            values,
            [.. fields.Where(field => field.Range is not null).SelectMany(field => new[] { field.FullPath, Beside(field.Path) })]);
    }
}
