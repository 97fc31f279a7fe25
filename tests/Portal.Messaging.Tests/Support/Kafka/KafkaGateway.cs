using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Portal.Messaging.Kafka;
using Portal.Sandbox.Kafka;

namespace Portal.Messaging.Tests.Support.Kafka;

/// <summary>What a gateway does to its clients.</summary>
internal sealed record GatewayOptions
{
    /// <summary>Certificate of the listener; null = no TLS.</summary>
    public SslServerAuthenticationOptions? Tls { get; init; }

    /// <summary>SASL mechanisms offered; none = no sign-in.</summary>
    public IReadOnlyList<string> Mechanisms { get; init; } = [];

    /// <summary>Judges a sign-in: the mechanism and the first message of the client; null = accepted, else the words of the refusal.</summary>
    public Func<string, byte[], string?> SignIn { get; init; } = (_, _) => null;

    /// <summary>Password of every user for SCRAM.</summary>
    public string ScramPassword { get; init; } = "";

    /// <summary>Address to listen on; null = 127.0.0.1.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Address that the brokers advertise; null = that of the gateway.</summary>
    public (string Host, int Port)? Advertised { get; init; }

    /// <summary>Cuts the connection instead of answering a refused sign-in, as old brokers do.</summary>
    public bool CutsRefused { get; init; }

    /// <summary>Ends a SCRAM sign-in without the proof that the server knows the password.</summary>
    public bool LacksProof { get; init; }

    /// <summary>How long a sign-in holds, told to the client so that it signs in again in time; null = for ever.</summary>
    public TimeSpan? SessionLifetime { get; init; }

    /// <summary>Newest version offered of Produce and Fetch.</summary>
    public short? MostRecords { get; init; }

    /// <summary>Request kinds (API keys) that are never answered.</summary>
    public IReadOnlyList<short> Unanswered { get; init; } = [];

    /// <summary>Changes an answer before it is sent on: API key and body (after the correlation id).</summary>
    public Func<short, byte[], byte[]> Rewrite { get; init; } = (_, body) => body;
}

/// <summary>
/// TLS and SASL in front of a mock cluster, from the protocol's documentation. It answers ApiVersions, SaslHandshake and
/// SaslAuthenticate itself, sets the addresses in Metadata, and passes everything else on.
/// </summary>
internal sealed class KafkaGateway : IAsyncDisposable
{
    private readonly GatewayOptions _options;
    private readonly int _cluster;
    private const short Produce = 0;

    private readonly RawServer _server;
    private readonly ConcurrentQueue<ProducedBatch> _produced = new();

    private KafkaGateway(int cluster, GatewayOptions options)
    {
        (_cluster, _options) = (cluster, options);
        _server = RawServer.Start(ServeAsync, options.Address);
    }

    public int Port => _server.Port;

    /// <summary>Connections so far.</summary>
    public int Count => _server.Count;

    /// <summary>The batches that were sent to the brokers.</summary>
    public IReadOnlyList<ProducedBatch> Produced => [.. _produced];

    public static KafkaGateway Start(MockKafkaCluster cluster, GatewayOptions options) => new(cluster.Ports[0], options);

    /// <param name="port">Port of a cluster with one broker.</param>
    public static KafkaGateway Start(int port, GatewayOptions options) => new(port, options);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream network, CancellationToken token)
    {
        Stream client = network;
        if (_options.Tls is not null)
        {
            var ssl = new SslStream(network);
            await ssl.AuthenticateAsServerAsync(_options.Tls, token);
            client = ssl;
        }
        await using (client)
        {
            using var upstream = new TcpClient { NoDelay = true };
            await upstream.ConnectAsync(IPAddress.Loopback, _cluster, token);
            var behind = upstream.GetStream();
            var sign = new GatewaySignIn(_options);
            while (await ReadAsync(client, token) is { } request)
            {
                var key = BinaryPrimitives.ReadInt16BigEndian(request);
                if (_options.Unanswered.Contains(key))
                    continue;
                if (sign.IsOver)
                    return;
                if (sign.Answer(request) is { } own)
                {
                    if (own.Body is not null)
                        await WriteAsync(client, [.. request.AsSpan(4, 4), .. own.Body], token);
                    if (own.Ends)
                        return;
                    continue;
                }
                var batches = key is Produce ? ProducedBatch.Read(request) : [];
                batches.ForEach(_produced.Enqueue);
                await WriteAsync(behind, request, token);
                // Nothing is answered to messages that want no acknowledgement.
                if (batches.Any(batch => batch.Acks == 0))
                    continue;
                var response = await ReadAsync(behind, token) ?? throw new IOException("The cluster closed.");
                var body = key switch { 3 => WithAddresses(response[4..]), 10 => WithCoordinator(response[4..]), _ => response[4..] };
                await WriteAsync(client, [.. response.AsSpan(0, 4), .. _options.Rewrite(key, body)], token);
            }
        }
    }

    /// <summary>Metadata of version 4: throttle time, then the brokers: id, host, port, rack.</summary>
    private byte[] WithAddresses(byte[] body)
    {
        var (host, port) = _options.Advertised ?? ("127.0.0.1", Port);
        var reader = new WireReader(body);
        var writer = new WireWriter();
        writer.Int32(reader.Int32());
        var count = reader.Int32();
        writer.Int32(count);
        for (var i = 0; i < count; i++)
        {
            writer.Int32(reader.Int32());
            reader.String();
            reader.Int32();
            writer.String(host);
            writer.Int32(port);
            reader.String();
            writer.Int16(-1);
        }
        writer.Raw(body.AsSpan(body.Length - reader.Left));
        return writer.ToArray();
    }

    /// <summary>FindCoordinator of version 1 or 2: throttle time, error, words, id, host, port.</summary>
    private byte[] WithCoordinator(byte[] body)
    {
        var (host, port) = _options.Advertised ?? ("127.0.0.1", Port);
        var reader = new WireReader(body);
        var writer = new WireWriter().Int32(reader.Int32()).Int16(reader.Int16());
        var words = reader.String();
        return (words is null ? writer.Int16(-1) : writer.String(words)).Int32(reader.Int32()).String(host).Int32(port).ToArray();
    }

    private static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken token)
    {
        var size = new byte[4];
        if (await stream.ReadAtLeastAsync(size, 4, throwOnEndOfStream: false, token) < 4)
            return null;
        var length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length is < 8 or > 10_000_000)
            throw new AuthenticationException("Not Kafka.");
        var request = new byte[length];
        await stream.ReadExactlyAsync(request, token);
        return request;
    }

    private static async Task WriteAsync(Stream stream, byte[] message, CancellationToken token)
    {
        var framed = new byte[4 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed, message.Length);
        message.CopyTo(framed, 4);
        await stream.WriteAsync(framed, token);
        await stream.FlushAsync(token);
    }
}
