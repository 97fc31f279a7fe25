using System.Net;
using System.Text;
using MQTTnet;
using MQTTnet.Channel;
using MQTTnet.Formatter;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
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

    /// <summary>Method of MQTT 5 enhanced authentication; null = none.</summary>
    public string? EnhancedMethod { get; init; }

    /// <summary>The settings of an endpoint whose host parses.</summary>
    public static MqttClientSettings From(DataflowEndpoint endpoint, ClientRole role, HostAliases aliases)
    {
        var mqtt = endpoint.Mqtt ?? throw new ArgumentException("Not an MQTT endpoint.", nameof(endpoint));
        return new MqttClientSettings
        {
            Target = TargetOf(mqtt, aliases),
            ClientId = role.ClientId(mqtt.ClientIdPrefix),
            CleanStart = !role.IsFlow,
            SessionExpirySeconds = mqtt.SessionExpirySeconds is { } expiry ? (uint)Math.Clamp(expiry, 0, uint.MaxValue) : DefaultSessionExpirySeconds,
            KeepAlive = TimeSpan.FromSeconds(mqtt.KeepAliveSeconds ?? DefaultKeepAliveSeconds),
            ReceiveMaximum = (ushort)Math.Clamp(mqtt.MaxInflightMessages ?? DefaultInflight, 1, ushort.MaxValue),
            Qos = (int)(mqtt.Qos ?? 1),
            EnhancedMethod = mqtt.Authentication switch
            {
                Authentication.ServiceAccountToken => "K8S-SAT",
                Authentication.SystemAssignedManagedIdentity or Authentication.UserAssignedManagedIdentity => "OAUTH2-JWT",
                _ => null,
            },
        };
    }

    /// <summary>Options for the MQTT client library. TLS and WebSockets are the dialer's: the client gets a ready stream.</summary>
    /// <param name="streams">Makes the connection, see <see cref="BrokerDialer.StreamsFor"/>.</param>
    /// <param name="token">Token of the enhanced authentication, fresh for each connection.</param>
    /// <param name="renewal">Renews the sign-in before the token expires; null = the connection is too short for it.</param>
    public MqttClientOptions ToOptions(IMqttClientStreamProvider streams, BearerToken? token, TokenRenewal? renewal = null) => new()
    {
        ProtocolVersion = MqttProtocolVersion.V500,
        ClientId = ClientId,
        CleanSession = CleanStart,
        SessionExpiryInterval = SessionExpirySeconds,
        KeepAlivePeriod = KeepAlive,
        ReceiveMaximum = ReceiveMaximum,
        RequestProblemInformation = true,
        AuthenticationMethod = EnhancedMethod,
        AuthenticationData = EnhancedMethod is null || token is null ? null : Encoding.UTF8.GetBytes(token.Value),
        EnhancedAuthenticationHandler = renewal,
        // The client would throw for a broker without a feature that the connection asks for; tests report it instead.
        ValidateFeatures = false,
        ChannelOptions = new MqttClientTcpOptions
        {
            RemoteEndpoint = new DnsEndPoint(Target.Dialled.Host, Target.Dialled.Port),
            StreamProvider = streams,
            TlsOptions = new MqttClientTlsOptions { UseTls = false },
        },
    };

    private static DialTarget TargetOf(MqttSettings mqtt, HostAliases aliases)
    {
        var written = HostAddress.TryParse(mqtt.Host, out var parsed) ? parsed
            : mqtt.Host is null ? BuiltInBroker
            : throw new ArgumentException("The host does not parse; validate the endpoint first.", nameof(mqtt));
        var path = written.Path.Length > 0 ? written.Path : DefaultWebSocketPath;
        return new DialTarget(written, aliases.Map(written), mqtt.UsesTls, mqtt.Protocol is MqttProtocol.WebSockets ? path : null);
    }
}
