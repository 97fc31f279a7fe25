using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Kafka;

/// <summary>
/// How a Kafka endpoint is connected to. Tests, previews and flows all start from these settings. Pure.
/// The configurations hold secrets: never log one.
/// </summary>
internal sealed record KafkaClientSettings
{
    private const int DefaultLatencyMilliseconds = 5;
    private const int DefaultBatchMessages = 100_000;
    private const int DefaultBatchBytes = 1_000_000;
    private const int MostBatchMessages = 1_000_000;
    private const int LeastMessageMaxBytes = 1_000_000;
    private const int MostMessageMaxBytes = 1_000_000_000;

    private readonly KafkaSettings _kafka;
    private readonly ConnectionMaterial _material;

    private KafkaClientSettings(KafkaSettings kafka, ConnectionMaterial material) => (_kafka, _material) = (kafka, material);

    /// <summary>Where the bootstrap connection goes. The client library dials it itself.</summary>
    public required DialTarget Target { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Addresses that the library may dial, see <see cref="KafkaAddressPolicy"/>.</summary>
    public BrokerAddressFamily AddressFamily { get; init; } = BrokerAddressFamily.Any;

    /// <summary>The SASL mechanism as on the wire; null = no SASL.</summary>
    public string? Mechanism => _kafka.Authentication switch
    {
        Authentication.Sasl { SaslType: SaslType.ScramSha256 } => "SCRAM-SHA-256",
        Authentication.Sasl { SaslType: SaslType.ScramSha512 } => "SCRAM-SHA-512",
        Authentication.Sasl => "PLAIN",
        Authentication.SystemAssignedManagedIdentity or Authentication.UserAssignedManagedIdentity => "OAUTHBEARER",
        _ => null,
    };

    /// <summary>True when tokens are set on the client with <see cref="KafkaTokens"/>.</summary>
    public bool UsesTokens => Mechanism == "OAUTHBEARER";

    /// <summary>The settings of an endpoint whose host parses.</summary>
    public static KafkaClientSettings From(DataflowEndpoint endpoint, ClientRole role, HostAliases aliases, ConnectionMaterial material)
    {
        var kafka = endpoint.Kafka ?? throw new ArgumentException("Not a Kafka endpoint.", nameof(endpoint));
        return HostAddress.TryParse(kafka.Host, out var written)
            ? new KafkaClientSettings(kafka, material)
            {
                Target = new DialTarget(written, aliases.Map(written), kafka.UsesTls),
                ClientId = role.ClientId(null),
            }
            : throw new ArgumentException("The host does not parse; validate the endpoint first.", nameof(endpoint));
    }

    /// <summary>What every client of the endpoint has in common.</summary>
    public ClientConfig Client()
    {
        var config = new ClientConfig
        {
            BootstrapServers = Target.Dialled.Authority,
            ClientId = ClientId,
            SecurityProtocol = (Target.UsesTls, Mechanism) switch
            {
                (true, not null) => SecurityProtocol.SaslSsl,
                (true, null) => SecurityProtocol.Ssl,
                (false, not null) => SecurityProtocol.SaslPlaintext,
                (false, null) => SecurityProtocol.Plaintext,
            },
            BrokerAddressFamily = AddressFamily,
            SocketKeepaliveEnable = true,
            SocketNagleDisable = true,
            // Event Hubs closes idle connections; metadata that is asked for in time keeps them.
            MetadataMaxAgeMs = 180_000,
            AllowAutoCreateTopics = false,
        };
        if (Target.UsesTls)
            AddTls(config);
        if (Mechanism is not null)
            AddSasl(config);
        return config;
    }

    /// <summary>A consumer that is assigned partitions by hand: a group of its own name, nothing committed.</summary>
    public ConsumerConfig Reader() => new(Client())
    {
        GroupId = ClientId,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        EnablePartitionEof = true,
        AutoOffsetReset = AutoOffsetReset.Latest,
    };

    /// <summary>A consumer in the endpoint's group, for flows only.</summary>
    public ConsumerConfig GroupConsumer() => new(Client())
    {
        GroupId = _kafka.ConsumerGroupId,
        EnableAutoCommit = true,
        EnableAutoOffsetStore = false,
        AutoOffsetReset = AutoOffsetReset.Earliest,
    };

    /// <summary>A producer with the endpoint's acknowledgements, compression and batching.</summary>
    public ProducerConfig Producer()
    {
        var batching = _kafka.Batching.Mode is not OperationalMode.Disabled;
        var bytes = (int)Math.Clamp(_kafka.Batching.MaxBytes ?? DefaultBatchBytes, 1, int.MaxValue);
        return new ProducerConfig(Client())
        {
            Acks = _kafka.KafkaAcks switch { KafkaAcks.Zero => Acks.None, KafkaAcks.One => Acks.Leader, _ => Acks.All },
            CompressionType = _kafka.Compression switch
            {
                KafkaCompression.Gzip => CompressionType.Gzip,
                KafkaCompression.Snappy => CompressionType.Snappy,
                KafkaCompression.Lz4 => CompressionType.Lz4,
                _ => CompressionType.None,
            },
            LingerMs = batching ? _kafka.Batching.LatencyMs ?? DefaultLatencyMilliseconds : 0,
            BatchNumMessages = batching ? (int)Math.Clamp(_kafka.Batching.MaxMessages ?? DefaultBatchMessages, 1, MostBatchMessages) : 1,
            BatchSize = bytes,
            MessageMaxBytes = Math.Clamp(bytes, LeastMessageMaxBytes, MostMessageMaxBytes),
            // Java's partitioner, so that its producers put a key into the same partition.
            Partitioner = Partitioner.Murmur2Random,
        };
    }

    private void AddTls(ClientConfig config)
    {
        config.EnableSslCertificateVerification = true;
        config.SslEndpointIdentificationAlgorithm = SslEndpointIdentificationAlgorithm.Https;
        if (_material.TrustedCas is { } cas)
            config.SslCaPem = string.Join('\n', cas.Select(ca => ca.ExportCertificatePem()));
        else if (!OperatingSystem.IsWindows())
            config.SslCaLocation = "probe";
        if (_material.ClientChainPem is null || _material.ClientKeyPem is null)
            return;
        config.SslCertificatePem = _material.ClientChainPem;
        config.SslKeyPem = _material.ClientKeyPem.Reveal();
    }

    private void AddSasl(ClientConfig config)
    {
        config.SaslMechanism = Mechanism switch
        {
            "SCRAM-SHA-256" => SaslMechanism.ScramSha256,
            "SCRAM-SHA-512" => SaslMechanism.ScramSha512,
            "OAUTHBEARER" => SaslMechanism.OAuthBearer,
            _ => SaslMechanism.Plain,
        };
        if (UsesTokens)
            return;
        config.SaslUsername = _material.Username;
        config.SaslPassword = _material.Password?.Reveal();
    }
}
