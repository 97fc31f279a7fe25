using MQTTnet;
using MQTTnet.Exceptions;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Mqtt;

/// <summary>A signed-in MQTT connection. There is one attempt in it: whoever wants another opens another.</summary>
internal sealed class MqttConnection : IAsyncDisposable
{
    private static readonly TimeSpan _goodbye = TimeSpan.FromSeconds(1);

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource<Problem> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public MqttConnection(MqttClientSettings settings, Stream stream, Action<MqttApplicationMessage>? received, TimeProvider time)
    {
        Settings = settings;
        _stream = stream;
        _time = time;
        Client.DisconnectedAsync += OnDisconnectedAsync;
        // Queued messages come before the answer to a subscription, so the handler is there from the start.
        if (received is not null)
        {
            Client.ApplicationMessageReceivedAsync += arrived =>
            {
                received(arrived.ApplicationMessage);
                return Task.CompletedTask;
            };
        }
    }

    public MqttClientSettings Settings { get; }

    public IMqttClient Client { get; } = new MqttClientFactory().CreateMqttClient();

    /// <summary>The broker's answer to the sign-in.</summary>
    public MqttClientConnectResult Answer { get; set; } = new();

    /// <summary>Renews the sign-in; null when the method has no token.</summary>
    public TokenRenewal? Renewal { get; init; }

    /// <summary>Completes with the reason when the connection ends before it is closed here.</summary>
    public Task<Problem> Lost => _lost.Task;

    /// <summary>True for what the client library throws when a connection breaks in the middle of a call.</summary>
    public static bool IsBroken(Exception failure) =>
        failure is MqttCommunicationException or MqttProtocolViolationException or IOException or InvalidOperationException;

    public async ValueTask DisposeAsync()
    {
        if (Renewal is not null)
            await Renewal.DisposeAsync();
        if (Client.IsConnected)
        {
            using var limit = new CancellationTokenSource(_goodbye, _time);
            try
            {
                await Client.DisconnectAsync(new MqttClientDisconnectOptions(), limit.Token);
            }
            catch (Exception e) when (IsBroken(e) || e is OperationCanceledException)
            {
                // The connection is gone; that is what was wanted.
            }
        }

        Client.Dispose();
        await _stream.DisposeAsync();
    }

    private Task OnDisconnectedAsync(MqttClientDisconnectedEventArgs args)
    {
        if (args.ClientWasConnected)
            _lost.TrySetResult(MqttDisconnects.Explain(args.Reason, args.ReasonString));
        return Task.CompletedTask;
    }
}
