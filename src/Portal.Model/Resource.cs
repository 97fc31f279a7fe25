namespace Portal.Model;

/// <summary>Kinds of custom resource in the group <c>connectivity.iotoperations.azure.com</c> that the portal keeps.</summary>
public enum ResourceKind { DataflowEndpoint, Dataflow, DataflowProfile }

/// <summary>A resource that a store keeps: a name in a namespace and a document.</summary>
public abstract record Resource
{
    /// <summary>Namespace of Azure IoT Operations when a document names none.</summary>
    public const string DefaultNamespace = "azure-iot-operations";

    /// <summary>API group of the custom resources.</summary>
    public const string ApiGroup = "connectivity.iotoperations.azure.com";

    /// <summary>API version written; <c>v1beta1</c> is read too.</summary>
    public const string ApiVersion = ApiGroup + "/v1";

    /// <summary>Name, 3 to 63 of a-z, 0-9 and hyphen.</summary>
    public required string Name { get; init; }

    /// <summary>Kubernetes namespace; null = not written, <see cref="DefaultNamespace"/> applies.</summary>
    public string? Namespace { get; init; }

    /// <summary>
    /// The custom resource as it was read, as compact JSON in the member order of the text, when it holds what the model
    /// would not write by itself (members that it does not know, another order, an older API version); null otherwise.
    /// </summary>
    public string? Kept { get; init; }

    /// <summary>The kind in the document's <c>kind</c>.</summary>
    public abstract ResourceKind Kind { get; }
}
