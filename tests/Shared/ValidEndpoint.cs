using Portal.Model.Endpoints;
using Portal.Model.Fields;

namespace Portal.Tests.Shared;

/// <summary>One kind with one of its methods.</summary>
public sealed record EndpointCase(EndpointKind Kind, AuthenticationMethod Method)
{
    /// <summary>For names of tests and files, e.g. <c>custom-mqtt-x509certificate</c>.</summary>
    public override string ToString() => $"{Kind.Id}-{Method}".ToLowerInvariant();

    /// <summary>What the Basic tab asks for, filled in.</summary>
    public DataflowEndpoint Basic => ValidEndpoint.Of(Kind, Method);

    /// <summary>Every field of both tabs filled in.</summary>
    public DataflowEndpoint Full => ValidEndpoint.Full(Kind, Method);
}

/// <summary>One valid endpoint per kind and method. The values are examples; none is a secret.</summary>
public static class ValidEndpoint
{
    public const string ClientId = "6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a";
    public const string TenantId = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    /// <summary>Every kind with every method that it may have, those of the schema alone too.</summary>
    public static IReadOnlyList<EndpointCase> Cases { get; } = [.. EndpointKind.All.SelectMany(kind => kind.AllMethods.Select(method => new EndpointCase(kind, method)))];

    /// <summary>An endpoint of a kind with its first method.</summary>
    public static DataflowEndpoint Of(EndpointKind kind) => Of(kind, kind.Methods[0]);

    /// <summary>What the Basic tab asks for, filled in; the name is that of the kind.</summary>
    public static DataflowEndpoint Of(EndpointKind kind, AuthenticationMethod method)
    {
        var endpoint = kind.New("my-" + kind.Id);
        return endpoint with
        {
            Settings = endpoint.Settings! with { Host = kind.HostExample, Authentication = Sample(method, kind) },
        };
    }

    /// <summary>Every field of both tabs filled in with a value that is not its default.</summary>
    public static DataflowEndpoint Full(EndpointKind kind, AuthenticationMethod method) =>
        EndpointFields.For(kind).Where(field => field.Tab is FieldTab.Advanced).Aggregate(Of(kind, method), (endpoint, field) =>
        {
            var set = field.SetText(endpoint, Advanced(field.Path[(field.Path.IndexOf('.') + 1)..], kind));
            return set.Problem is null ? set.Endpoint : throw new InvalidOperationException(set.Problem.Message);
        }) is var full && method is AuthenticationMethod.SystemAssignedManagedIdentity
            ? full with { Settings = full.Settings! with { Authentication = new Authentication.SystemAssignedManagedIdentity("https://audience.example") } }
            : full;

    private static Authentication Sample(AuthenticationMethod method, EndpointKind kind) => method switch
    {
        AuthenticationMethod.UserAssignedManagedIdentity => new Authentication.UserAssignedManagedIdentity(ClientId, TenantId, "https://audience.example/.default"),
        AuthenticationMethod.Sasl => new Authentication.Sasl(kind == EndpointKind.EventHubs ? SaslType.Plain : SaslType.ScramSha256, "sasl-secret"),
        AuthenticationMethod.X509Certificate => new Authentication.X509Certificate("client-certificate"),
        AuthenticationMethod.ServiceAccountToken => new Authentication.ServiceAccountToken("aio-internal"),
        _ => Authentication.Of(method),
    };

    private static string Advanced(string member, EndpointKind kind) => member switch
    {
        "tls.mode" => "Enabled",
        "tls.trustedCaCertificateConfigMapRef" => "client-ca-configmap",
        "consumerGroupId" => "portal-line3",
        "compression" => "Gzip",
        "batching.mode" => "Enabled",
        "batching.latencyMs" => "20",
        "batching.maxBytes" => "500000",
        "batching.maxMessages" => "5000",
        // The key property is an extension that only a custom broker's file holds.
        "partitionStrategy" => kind == EndpointKind.CustomKafka ? "Property" : "Topic",
        "partitionKeyProperty" => kind == EndpointKind.CustomKafka ? "device-id" : "",
        "kafkaAcks" => "One",
        "copyMqttProperties" => "Disabled",
        "cloudEventAttributes" => "CreateOrRemap",
        "clientIdPrefix" => "line3",
        "qos" => "0",
        "retain" => "Never",
        "sessionExpirySeconds" => "1800",
        "protocol" => kind == EndpointKind.CustomMqtt ? "WebSockets" : "Mqtt",
        "maxInflightMessages" => "50",
        "keepAliveSeconds" => "30",
        _ => throw new ArgumentOutOfRangeException(nameof(member), member, "A new field needs a sample value here."),
    };
}
