using System.Collections.Immutable;
using Portal.Model.Endpoints;

namespace Portal.Model.Documents;

/// <summary>What documents for Azure need beyond the endpoint. The defaults are the placeholders of the documentation.</summary>
public sealed record DocumentOptions
{
    /// <summary>API version that is written unless another is chosen.</summary>
    public const string DefaultApiVersion = "2024-11-01";

    /// <summary>First day of the API versions that have <c>hostType</c>.</summary>
    private const string HostTypeSince = "2025-07-01";

    /// <summary>First API version that has headers of a destination.</summary>
    private const string HeadersSince = "2025-10-01";

    /// <summary>API versions of <c>Microsoft.IoTOperations/instances/dataflowEndpoints</c> with today's shape, the oldest first.</summary>
    public static ImmutableArray<string> ApiVersions { get; } =
    [
        "2024-08-15-preview", "2024-09-15-preview", DefaultApiVersion, "2025-04-01",
        "2025-07-01-preview", "2025-10-01", "2026-03-01", "2026-07-01",
    ];

    /// <summary>API version of Bicep and ARM.</summary>
    public string ApiVersion { get; init; } = DefaultApiVersion;

    /// <summary>Azure resource group of the instance.</summary>
    public string ResourceGroup { get; init; } = "<RESOURCE_GROUP>";

    /// <summary>Name of the Azure IoT Operations instance.</summary>
    public string Instance { get; init; } = "<AIO_INSTANCE_NAME>";

    /// <summary>Name of the custom location.</summary>
    public string CustomLocation { get; init; } = "<CUSTOM_LOCATION_NAME>";

    /// <summary>Kubernetes namespace of secrets and config maps; null = the endpoint's.</summary>
    public string? Namespace { get; init; }

    /// <summary>Kind of the endpoint where the form knows it; null = inferred.</summary>
    public EndpointKind? Kind { get; init; }

    /// <summary>True when the API version has <c>headers</c> of a dataflow's destination.</summary>
    internal bool HasHeaders => string.CompareOrdinal(ApiVersion, HeadersSince) >= 0;

    /// <summary>True when the API version has <c>hostType</c>.</summary>
    internal bool HasHostType => string.CompareOrdinal(ApiVersion, HostTypeSince) >= 0;
}
