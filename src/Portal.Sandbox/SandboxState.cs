using Portal.Messaging.Identity;

namespace Portal.Sandbox;

/// <summary>What the running sandbox offers. Empty until <see cref="SandboxHost"/> has started.</summary>
public sealed class SandboxState : IServiceAccountTokens
{
    /// <summary>Host and port by which an endpoint names the sandbox's MQTT broker with TLS.</summary>
    public const string BrokerName = "aio-broker:18883";

    /// <summary>Host and port by which an endpoint names the demo Kafka.</summary>
    public const string KafkaName = "sandbox-kafka:9092";

    /// <summary>The config map in which clients expect the broker's certificate authority.</summary>
    public const string CaConfigMapName = "azure-iot-operations-aio-ca-trust-bundle";

    /// <summary>The topic of the demo Kafka that gets a record a second.</summary>
    public const string DemoTopic = Devices.Plant.KafkaTopic;

    private volatile Snapshot _current = Snapshot.Stopped;

    /// <summary>True from the moment that everything below may be dialled until the host stops.</summary>
    public bool IsRunning => _current.IsRunning;

    /// <summary>Loopback port of the MQTT listener with TLS and sign-in by token.</summary>
    public int TlsPort => _current.TlsPort;

    /// <summary>Loopback port of the plain MQTT listener.</summary>
    public int PlainPort => _current.PlainPort;

    /// <summary>The wanted TLS port was taken by another program, so <see cref="TlsPort"/> is another one.</summary>
    public bool TlsPortTaken => _current.TlsPortTaken;

    /// <summary>The wanted plain port was taken by another program, so <see cref="PlainPort"/> is another one.</summary>
    public bool PlainPortTaken => _current.PlainPortTaken;

    /// <summary>Loopback port of the demo Kafka; null when it could not start, which a notice then explains.</summary>
    public int? KafkaPort => _current.KafkaPort;

    /// <summary>The certificate authority that signed the broker's certificate, as PEM.</summary>
    public string CaPem => _current.CaPem;

    /// <summary>Sentences to show to the operator: what differs from the plan and how to change that.</summary>
    public IReadOnlyList<string> Notices => _current.Notices;

    /// <summary>Addresses that the portal maps itself: the name in an endpoint, and the loopback address of this run.</summary>
    public IReadOnlyDictionary<string, string> HostAliases
    {
        get
        {
            var current = _current;
            var aliases = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            if (current.IsRunning)
                aliases[BrokerName] = $"127.0.0.1:{current.TlsPort}";
            if (current.KafkaPort is { } kafka)
                aliases[KafkaName] = $"127.0.0.1:{kafka}";
            return aliases;
        }
    }

    /// <summary>The audiences that were asked for so far, each with the path of its token file.</summary>
    public IReadOnlyDictionary<string, string> TokenFiles => _current.Tokens?.Files ?? new Dictionary<string, string>();

    /// <summary>
    /// The path of a file with a fresh service account token; written when an audience is first asked for, renewed from
    /// then on. The sandbox's broker takes the audience <c>aio-internal</c> alone, as the broker of a cluster does.
    /// </summary>
    public (string? Path, string? Reason) FileFor(string audience)
    {
        try
        {
            return _current.Tokens is { } tokens
                ? (tokens.TokenFileFor(audience), null)
                : (null, "The sandbox is not running, so it issues no service account tokens. Set Portal:Sandbox:Enabled=true and restart the portal.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"The sandbox cannot write a service account token for the audience {audience}: {e.Message} Check that the data folder is writable and its disk has room.");
        }
    }

    internal void Publish(Snapshot snapshot) => _current = snapshot;

    internal sealed record Snapshot
    {
        public static Snapshot Stopped { get; } = new();

        public bool IsRunning { get; init; }

        public int TlsPort { get; init; }

        public int PlainPort { get; init; }

        public bool TlsPortTaken { get; init; }

        public bool PlainPortTaken { get; init; }

        public int? KafkaPort { get; init; }

        public string CaPem { get; init; } = "";

        public IReadOnlyList<string> Notices { get; init; } = [];

        public Identity.ServiceAccountTokenIssuer? Tokens { get; init; }
    }
}
