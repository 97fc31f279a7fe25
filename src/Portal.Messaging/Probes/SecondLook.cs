using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>
/// When a server closes or keeps silent, a second connection to the same address finds out what it speaks instead.
/// It carries no credentials.
/// </summary>
internal sealed class SecondLook(TimeProvider clock)
{
    private static readonly TimeSpan _longestPatience = TimeSpan.FromSeconds(3);
    private const ushort KeepAliveSeconds = 60;

    /// <summary>Does a server that was spoken to in TLS speak plain text?</summary>
    public Look ForPlainServer(ProbeContext context) => context switch
    {
        { Target.WebSocketPath: { } path } => LookFor(context, stream => AnswersAsync(stream, HttpRequest(context, path), "HTTP/"u8.ToArray()), "it answers to a plain HTTP request"),
        { IsMqtt: true } => LookFor(context, stream => AnswersAsync(stream, MqttConnect(context.Role.Name), [0x20]), "it answers to a plain MQTT sign-in"),
        _ => LookFor(context, stream => AnswersAsync(stream, KafkaApiVersions(), [0, 0]), "it answers to a plain Kafka request"),
    };

    /// <summary>Does a server that was spoken to in plain text speak TLS?</summary>
    public Look ForTlsServer(ProbeContext context) => context.Target!.UsesTls
        ? new Look((_, _) => Task.FromResult(false), "", TimeSpan.MaxValue, clock)
        : LookFor(context, stream => SpeaksTlsAsync(stream, context.Target.Written.Host), "it answers to a TLS handshake");

    private Look LookFor(ProbeContext context, Func<Stream, Func<CancellationToken, Task<bool>>> ask, string proof)
    {
        var patience = context.Limit * 0.4;
        return new Look((remote, token) => ConnectAsync(remote, ask, token), proof, patience < _longestPatience ? patience : _longestPatience, clock) { Remote = context.Remote };
    }

    private static async Task<bool> ConnectAsync(IPEndPoint remote, Func<Stream, Func<CancellationToken, Task<bool>>> ask, CancellationToken cancellationToken)
    {
        using var socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(remote, cancellationToken);
            await using var stream = new NetworkStream(socket, ownsSocket: false);
            return await ask(stream)(cancellationToken);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }

    private static Func<CancellationToken, Task<bool>> AnswersAsync(Stream stream, byte[] question, byte[] answer) => async cancellationToken =>
    {
        await stream.WriteAsync(question, cancellationToken);
        var received = new byte[answer.Length];
        var count = await stream.ReadAtLeastAsync(received, received.Length, throwOnEndOfStream: false, cancellationToken);
        return count == answer.Length && received.AsSpan().SequenceEqual(answer);
    };

    private static Func<CancellationToken, Task<bool>> SpeaksTlsAsync(Stream stream, string name) => async cancellationToken =>
    {
        var watched = new WatchedStream(stream);
        await using var ssl = new SslStream(watched, leaveInnerStreamOpen: true);
        try
        {
            // Nothing is sent in this session, so whose certificate it is does not matter.
            await ssl.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = name, RemoteCertificateValidationCallback = (_, _, _, _) => true }, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is AuthenticationException or IOException or InvalidOperationException)
        {
            return watched.FirstBytes is [0x15 or 0x16, 0x03, ..];
        }
    };

    private static byte[] HttpRequest(ProbeContext context, string path) =>
        Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {context.Target!.Written.Authority}\r\nConnection: close\r\n\r\n");

    private static byte[] MqttConnect(string clientId)
    {
        var packet = new MqttPacketWriter(256);
        MqttPackets.Connect(packet, new MqttConnect(clientId, CleanStart: true, KeepAliveSeconds, SessionExpirySeconds: 0, ReceiveMaximum: 1, Method: null, Data: null));
        return packet.Written.ToArray();
    }

    private static byte[] KafkaApiVersions()
    {
        var client = "portal"u8;
        var request = new byte[4 + 10 + client.Length];
        BinaryPrimitives.WriteInt32BigEndian(request, request.Length - 4);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(4), 18);
        BinaryPrimitives.WriteInt32BigEndian(request.AsSpan(8), 1);
        BinaryPrimitives.WriteInt16BigEndian(request.AsSpan(12), (short)client.Length);
        client.CopyTo(request.AsSpan(14));
        return request;
    }
}

/// <summary>One prepared second look.</summary>
/// <param name="proof">What was seen when it says yes.</param>
internal sealed class Look(Func<IPEndPoint, CancellationToken, Task<bool>> ask, string proof, TimeSpan patience, TimeProvider clock)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(2);

    public IPEndPoint? Remote { get; init; }

    public string Proof => proof;

    /// <summary>Runs something; when it ends unclear, or is silent for long, looks whether the other explanation holds.</summary>
    public async Task<T> BesideAsync<T>(Func<CancellationToken, Task<T>> run, Func<T, bool> isUnclear, Func<T> otherwise, CancellationToken cancellationToken)
    {
        if (patience == TimeSpan.MaxValue)
            return await run(cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var running = run(stop.Token);
        var silence = Task.Delay(patience, clock, stop.Token);
        if (await Task.WhenAny(running, silence) == running)
        {
            await stop.CancelAsync();
            var result = await running;
            return isUnclear(result) && await ProvesAsync(cancellationToken) ? otherwise() : result;
        }
        if (!await ProvesAsync(cancellationToken))
            return await running;
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It was still waiting for a server that speaks something else.
        }
        return otherwise();
    }

    private async Task<bool> ProvesAsync(CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return Remote is not null && await ask(Remote, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
