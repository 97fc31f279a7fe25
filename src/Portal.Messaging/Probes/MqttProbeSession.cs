using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Channel;
using MQTTnet.Exceptions;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Probes;

/// <summary>The MQTT client of a test, on the connection that the stages before have made.</summary>
internal sealed class MqttProbeSession : IAsyncDisposable
{
    private const int MostKept = 200;
    private static readonly TimeSpan _goodbye = TimeSpan.FromSeconds(1);

    private readonly Channel<MqttApplicationMessage> _received =
        Channel.CreateBounded<MqttApplicationMessage>(new BoundedChannelOptions(MostKept) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly TimeProvider _clock;

    public MqttProbeSession(MqttClientSettings settings, Stream stream, TimeProvider clock)
    {
        Settings = settings;
        Transport = new WatchedStream(stream);
        _clock = clock;
        // Queued messages come before the answer to a subscription, so the handler is there from the start.
        Client.ApplicationMessageReceivedAsync += KeepAsync;
    }

    public MqttClientSettings Settings { get; }

    public IMqttClient Client { get; } = new MqttClientFactory().CreateMqttClient();

    public WatchedStream Transport { get; }

    /// <summary>What the endpoint asks for, with null for what it leaves to the defaults.</summary>
    public required MqttSettings Endpoint { get; init; }

    /// <summary>The broker's answer to the sign-in.</summary>
    public MqttClientConnectResult? Answer { get; set; }

    public ChannelReader<MqttApplicationMessage> Received => _received.Reader;

    /// <summary>The stream as the client library wants it.</summary>
    public IMqttClientStreamProvider Streams => new ReadyStreams(Transport);

    public async ValueTask DisposeAsync()
    {
        if (Client.IsConnected)
        {
            using var limit = new CancellationTokenSource(_goodbye, _clock);
            try
            {
                // With the session expiry 0 the broker forgets the session of the test at once.
                await Client.DisconnectAsync(new MqttClientDisconnectOptions { SessionExpiryInterval = 0 }, limit.Token);
            }
            catch (Exception e) when (e is MqttCommunicationException or OperationCanceledException or IOException or InvalidOperationException)
            {
                // The connection is gone; that is what was wanted.
            }
        }
        Client.Dispose();
        await Transport.DisposeAsync();
    }

    private Task KeepAsync(MqttApplicationMessageReceivedEventArgs received)
    {
        _received.Writer.TryWrite(received.ApplicationMessage);
        return Task.CompletedTask;
    }
}
