using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Portal.Sandbox.Identity;

namespace Portal.Sandbox.Mqtt;

/// <summary>
/// An MQTT broker inside this process, on loopback only: one listener with TLS that wants a service account token, as
/// the broker of a cluster does, and a plain one without sign-in. Retained messages, persistent sessions and QoS 0 to 2
/// work; shared subscriptions do not, which it announces. Sessions live in memory; of what waits for one session it
/// keeps the newest 100,000 messages.
/// </summary>
internal sealed class SandboxBroker : IAsyncDisposable
{
    private const int AnyFreePort = 0;
    private const int KeptMessagesPerSession = 100_000;
    private const string SharedPrefix = "$share/";

    private readonly MqttServer _server;
    private readonly TokenSignIn _signIn;
    private readonly X509Certificate2 _certificate;
    private readonly CancellationTokenSource _stopping = new();
    private Task _expiry = Task.CompletedTask;

    private SandboxBroker(MqttServerOptions options, X509Certificate2 certificate, TokenSignIn signIn)
    {
        (_certificate, _signIn) = (certificate, signIn);
        _server = new MqttServerFactory().CreateMqttServer(options, [new NamingServerAdapter()]);
        _server.ValidatingConnectionAsync += ValidateAsync;
        _server.InterceptingInboundPacketAsync += InterceptAsync;
        _server.InterceptingSubscriptionAsync += CheckSubscriptionAsync;
        _server.ClientDisconnectedAsync += ForgetAsync;
    }

    /// <summary>Names and addresses that the server certificate is good for.</summary>
    public static IReadOnlyList<string> ServerNames { get; } =
        ["aio-broker", "aio-broker.azure-iot-operations", "localhost", "127.0.0.1"];

    /// <summary>The port of the listener with TLS and sign-in by token.</summary>
    public int TlsPort { get; private set; }

    /// <summary>The port of the listener without either.</summary>
    public int PlainPort { get; private set; }

    /// <summary>Starts both listeners; where a port is taken, another free one is used. Port 0 asks for a free one.</summary>
    /// <exception cref="SocketException">No port could be opened.</exception>
    public static async Task<SandboxBroker> StartAsync(
        int tlsPort,
        int plainPort,
        SandboxCertificateAuthority authority,
        ServiceAccountTokenIssuer issuer,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var certificate = authority.IssueServerCertificate(ServerNames, time);
        try
        {
            return await StartOnAsync(FreeOr(tlsPort), FreeOr(plainPort));
        }
        catch (SocketException)
        {
            // Somebody took a port between the look and the start.
            return await StartOnAsync(AnyFreePort, AnyFreePort);
        }

        async Task<SandboxBroker> StartOnAsync(int tls, int plain)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var options = Options(tls, plain, certificate);
            var broker = new SandboxBroker(options, certificate, new TokenSignIn(issuer, time, logger));
            try
            {
                await broker._server.StartAsync();
            }
            catch
            {
                broker._server.Dispose();
                throw;
            }

            (broker.TlsPort, broker.PlainPort) = (options.TlsEndpointOptions.Port, options.DefaultEndpointOptions.Port);
            broker._expiry = broker._signIn.DisconnectExpiredAsync(broker._server, broker._stopping.Token);
            return broker;
        }
    }

    /// <summary>Publishes a message as a device of this process, without a connection.</summary>
    public Task PublishAsync(MqttApplicationMessage message, string clientId, CancellationToken cancellationToken) =>
        _server.InjectApplicationMessage(new InjectedMqttApplicationMessage(message) { SenderClientId = clientId }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await _expiry;
        }
        catch (OperationCanceledException)
        {
        }

        await _server.StopAsync(new MqttServerStopOptions
        {
            DefaultClientDisconnectOptions = new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.ServerShuttingDown },
        });
        _server.Dispose();
        _certificate.Dispose();
        _stopping.Dispose();
    }

    private static MqttServerOptions Options(int tlsPort, int plainPort, X509Certificate2 certificate) =>
        new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(plainPort)
            .WithEncryptedEndpoint()
            .WithEncryptedEndpointBoundIPAddress(IPAddress.Loopback)
            .WithEncryptedEndpointBoundIPV6Address(IPAddress.None)
            .WithEncryptedEndpointPort(tlsPort)
            .WithEncryptionCertificate(certificate)
            .WithEncryptionSslProtocol(SslProtocols.Tls12 | SslProtocols.Tls13)
            .WithPersistentSessions()
            .WithMaxPendingMessagesPerClient(KeptMessagesPerSession)
            .Build();

    private static int FreeOr(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return port;
        }
        catch (SocketException)
        {
            return AnyFreePort;
        }
    }

    private Task ValidateAsync(ValidatingConnectionEventArgs connect)
    {
        if (string.IsNullOrEmpty(connect.ClientId))
            connect.AssignedClientIdentifier = Guid.NewGuid().ToString("N");
        if (connect.IsSecureConnection)
            _signIn.Check(connect);
        return Task.CompletedTask;
    }

    private async Task InterceptAsync(InterceptingPacketEventArgs inbound)
    {
        if (inbound.Packet is not MqttAuthPacket auth)
            return;
        inbound.ProcessPacket = false;
        await _signIn.RenewAsync(_server, inbound, auth);
    }

    private static Task CheckSubscriptionAsync(InterceptingSubscriptionEventArgs subscription)
    {
        if (subscription.TopicFilter.Topic.StartsWith(SharedPrefix, StringComparison.Ordinal))
        {
            subscription.ProcessSubscription = false;
            subscription.Response.ReasonCode = MqttSubscribeReasonCode.SharedSubscriptionsNotSupported;
            subscription.ReasonString = "The sandbox broker has no shared subscriptions: subscribe without $share.";
        }

        return Task.CompletedTask;
    }

    private Task ForgetAsync(ClientDisconnectedEventArgs client)
    {
        _signIn.Forget(client);
        return Task.CompletedTask;
    }
}
