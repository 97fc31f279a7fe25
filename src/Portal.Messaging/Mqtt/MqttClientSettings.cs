using System.Text;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Mqtt;

/// <summary>How an MQTT endpoint is connected to. Tests, previews and flows all start from these settings. Pure.</summary>
internal sealed record MqttClientSettings
{
    /// <summary>Address of the broker of the cluster, which an endpoint without a host means.</summary>
    public static readonly HostAddress BuiltInBroker = new("aio-broker", 18883);

    private const int DefaultKeepAliveSeconds = 60;
    private const int DefaultInflight = 100;
    private const uint DefaultSessionExpirySeconds = 3600;
    private const string DefaultWebSocketPath = "/mqtt";

    /// <summary>Longest keep alive that Event Grid takes.</summary>
    private const int EventGridMostKeepAliveSeconds = 1160;

    /// <summary>Largest packet that Event Grid takes, which its answer to the sign-in does not say.</summary>
    private const uint EventGridMostPacketBytes = 512 * 1024;

    /// <summary>Where and how to dial.</summary>
    public required DialTarget Target { get; init; }

    public required string ClientId { get; init; }

    /// <summary>True for tests and previews: whatever the broker kept for the client id is dropped.</summary>
    public required bool CleanStart { get; init; }

    /// <summary>Session expiry asked for, in seconds.</summary>
    public required uint SessionExpirySeconds { get; init; }

    public required TimeSpan KeepAlive { get; init; }

    /// <summary>Most unacknowledged messages towards us.</summary>
    public required ushort ReceiveMaximum { get; init; }

    /// <summary>Quality of service for subscriptions and publishing, 0 or 1.</summary>
    public required int Qos { get; init; }

    /// <summary>Largest packet that the service takes, whatever the broker says.</summary>
    public uint MostPacketBytes { get; init; } = uint.MaxValue;

    /// <summary>Method of MQTT 5 enhanced authentication; null = none.</summary>
    public string? EnhancedMethod { get; init; }

    /// <summary>The settings of an endpoint whose host parses.</summary>
    public static MqttClientSettings From(DataflowEndpoint endpoint, ClientRole role, HostAliases aliases)
    {
        var mqtt = endpoint.Mqtt ?? throw new ArgumentException("Not an MQTT endpoint.", nameof(endpoint));
        var isEventGrid = EndpointKind.Of(endpoint) == EndpointKind.EventGrid;
        return new MqttClientSettings
        {
            Target = TargetOf(mqtt, aliases),
            ClientId = role.ClientId(mqtt.ClientIdPrefix),
            CleanStart = !role.IsFlow,
            SessionExpirySeconds = mqtt.SessionExpirySeconds is { } expiry ? (uint)Math.Clamp(expiry, 0, uint.MaxValue) : DefaultSessionExpirySeconds,
            KeepAlive = TimeSpan.FromSeconds(Math.Clamp(mqtt.KeepAliveSeconds ?? DefaultKeepAliveSeconds, 0, isEventGrid ? EventGridMostKeepAliveSeconds : ushort.MaxValue)),
            ReceiveMaximum = (ushort)Math.Clamp(mqtt.MaxInflightMessages ?? DefaultInflight, 1, ushort.MaxValue),
            Qos = (int)(mqtt.Qos ?? 1),
            MostPacketBytes = isEventGrid ? EventGridMostPacketBytes : uint.MaxValue,
            EnhancedMethod = mqtt.Authentication switch
            {
                Authentication.ServiceAccountToken => "K8S-SAT",
                Authentication.SystemAssignedManagedIdentity or Authentication.UserAssignedManagedIdentity => "OAUTH2-JWT",
                _ => null,
            },
        };
    }

    /// <summary>The sign-in on a connection that the dialer has made, TLS and WebSocket included.</summary>
    /// <param name="token">Token of the enhanced authentication, fresh for each connection.</param>
    public MqttConnect ToConnect(BearerToken? token) => new(
        ClientId, CleanStart, (ushort)KeepAlive.TotalSeconds, SessionExpirySeconds, ReceiveMaximum, EnhancedMethod,
        EnhancedMethod is null || token is null ? null : Encoding.UTF8.GetBytes(token.Value));

    private static DialTarget TargetOf(MqttSettings mqtt, HostAliases aliases)
    {
        var written = HostAddress.TryParse(mqtt.Host, out var parsed) ? parsed
            : mqtt.Host is null ? BuiltInBroker
            : throw new ArgumentException("The host does not parse; validate the endpoint first.", nameof(mqtt));
        var path = written.Path.Length > 0 ? written.Path : DefaultWebSocketPath;
        return new DialTarget(written, aliases.Map(written), mqtt.UsesTls, mqtt.Protocol is MqttProtocol.WebSockets ? path : null);
    }
}
