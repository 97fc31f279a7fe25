namespace Portal.AzureServer;

/// <summary>A path of ARM: a scope, a provider, and types with names. A collection lacks its last name.</summary>
public sealed record ArmId(string Path, string Scope, string Type, IReadOnlyList<string> Names, bool IsCollection)
{
    public string? Subscription => Part("subscriptions");

    public string? ResourceGroup => Part("resourceGroups");

    public string Name => Names[^1];

    /// <summary>Path of the resource above; null at the top.</summary>
    public string? Parent
    {
        get
        {
            var levels = Type.Split('/').Length - 1;
            return levels < 2 ? null : string.Join('/', Path.Split('/').SkipLast(IsCollection ? 1 : 2));
        }
    }

    public static ArmId? Parse(string path)
    {
        var parts = path.Trim('/').Split('/');
        var provider = Array.FindLastIndex(parts, part => part.Equals("providers", StringComparison.OrdinalIgnoreCase));
        if (provider < 0 || parts.Length < provider + 3)
            return null;
        var below = parts[(provider + 2)..];
        var type = parts[provider + 1] + "/" + string.Join('/', below.Where((_, at) => at % 2 == 0));
        var scope = string.Concat(parts[..provider].Select(part => "/" + part));
        return new ArmId("/" + string.Join('/', parts), scope, type, [.. below.Where((_, at) => at % 2 == 1)], below.Length % 2 == 1);
    }

    public bool IsOf(string type) => Type.Equals(type, StringComparison.OrdinalIgnoreCase);

    private string? Part(string name)
    {
        var parts = Path.Split('/');
        var at = Array.FindIndex(parts, part => part.Equals(name, StringComparison.OrdinalIgnoreCase));
        return at < 0 || at + 1 >= parts.Length ? null : parts[at + 1];
    }
}

/// <summary>A resource type that the server knows.</summary>
/// <param name="Name">Full type.</param>
/// <param name="ApiVersions">Versions that it takes.</param>
/// <param name="IsTracked">Has location and tags.</param>
/// <param name="IsExtended">Needs an extended location at create.</param>
/// <param name="IsAsync">Writes go on after the answer.</param>
public sealed record ArmType(string Name, string[] ApiVersions, bool IsTracked = false, bool IsExtended = false, bool IsAsync = false)
{
    private static readonly string[] IotVersions =
        ["2024-07-01-preview", "2024-08-15-preview", "2024-09-15-preview", "2024-11-01", "2025-04-01", "2025-07-01-preview", "2025-10-01", "2026-03-01", "2026-07-01"];

    public const string Instances = "Microsoft.IoTOperations/instances";
    public const string Endpoints = Instances + "/dataflowEndpoints";
    public const string Profiles = Instances + "/dataflowProfiles";
    public const string Dataflows = Profiles + "/dataflows";
    public const string ProviderClasses = "Microsoft.SecretSyncController/azureKeyVaultSecretProviderClasses";
    public const string SecretSyncs = "Microsoft.SecretSyncController/secretSyncs";
    public const string RoleAssignments = "Microsoft.Authorization/roleAssignments";

    public static IReadOnlyList<ArmType> All { get; } =
    [
        new(Instances, IotVersions, IsTracked: true, IsExtended: true, IsAsync: true),
        new(Endpoints, IotVersions, IsExtended: true, IsAsync: true),
        new(Profiles, IotVersions, IsExtended: true, IsAsync: true),
        new(Dataflows, IotVersions, IsExtended: true, IsAsync: true),
        new(ProviderClasses, ["2024-08-21-preview"], IsTracked: true, IsExtended: true, IsAsync: true),
        new(SecretSyncs, ["2024-08-21-preview"], IsTracked: true, IsExtended: true, IsAsync: true),
        new(RoleAssignments, ["2022-04-01"]),
        new("Microsoft.EventHub/namespaces", ["2024-01-01"], IsTracked: true),
        new("Microsoft.EventGrid/namespaces", ["2025-02-15"], IsTracked: true),
        new("Microsoft.ManagedIdentity/userAssignedIdentities", ["2023-01-31"], IsTracked: true),
        new("Microsoft.KubernetesConfiguration/extensions", ["2023-05-01"]),
        new("Microsoft.ExtendedLocation/customLocations", ["2021-08-15"], IsTracked: true),
    ];

    public static ArmType? Find(string type) => All.FirstOrDefault(one => one.Name.Equals(type, StringComparison.OrdinalIgnoreCase));
}
