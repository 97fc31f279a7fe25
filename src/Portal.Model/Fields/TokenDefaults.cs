using Portal.Model.Endpoints;

namespace Portal.Model.Fields;

/// <summary>Audience and scope of managed identity tokens when the endpoint gives none.</summary>
public static class TokenDefaults
{
    /// <summary>Audience of Event Grid tokens, for every namespace.</summary>
    public const string EventGridAudience = "https://eventgrid.azure.net";

    private const string DefaultSuffix = "/.default";

    /// <summary>Audience of a system-assigned identity's token: the Event Hubs namespace, or Event Grid's; null when the host gives none.</summary>
    public static string? Audience(DataflowEndpoint endpoint) => endpoint.Settings switch
    {
        MqttSettings => EventGridAudience,
        KafkaSettings { Host: { } host } when HostAddress.TryParse(host, out var address) => "https://" + address.Host,
        _ => null,
    };

    /// <summary>Scope of a user-assigned identity's token; null when the host gives none.</summary>
    public static string? Scope(DataflowEndpoint endpoint) => Audience(endpoint) is { } audience ? audience + DefaultSuffix : null;
}
