using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
using Portal.Messaging.Mqtt.Session;

namespace Portal.Messaging.Mqtt;

/// <summary>
/// A session of a test, a preview or a single message: what comes is acknowledged at once and handed on, and one thing is
/// asked after the other. Nothing of it stays on the broker.
/// </summary>
internal sealed class MqttConnection : IMqttReceiver, IAsyncDisposable
{
    private readonly Action<Message>? _received;
    private readonly Lock _gate = new();
    private (ushort PacketId, TaskCompletionSource<MqttPubAck> Answer)? _publication;
    private ushort _lastId;

    /// <param name="stream">Closed with the connection.</param>
    /// <param name="received">Called for every message, one after the other; null = the connection only publishes.</param>
    public MqttConnection(MqttClientSettings settings, Stream stream, ITokenSource? tokens, BearerToken? token, Action<Message>? received, TimeProvider time)
    {
        Settings = settings;
        _received = received;
        Session = new MqttSession(stream, settings.ToConnect(token), tokens, token, this, time) { ForgetsSession = true };
    }

    public MqttClientSettings Settings { get; }

    public MqttSession Session { get; }

    /// <inheritdoc cref="MqttSession.Answer"/>
    public MqttConnAck Answer => Session.Answer;

    /// <inheritdoc cref="MqttSession.Renewal"/>
    public TokenRenewal? Renewal => Session.Renewal;

    /// <inheritdoc cref="MqttSession.Lost"/>
    public Task<Problem> Lost => Session.Lost;

    /// <summary>The endpoint's quality of service, or less where the broker allows no more.</summary>
    public int Qos => Math.Min(Settings.Qos, Answer.MaximumQoS);

    bool IMqttReceiver.IsFull => false;

    /// <summary>Subscribes to one filter.</summary>
    /// <returns>The broker's reason code with its words; a refusal is an answer too.</returns>
    /// <exception cref="ConnectionException">The connection ended first.</exception>
    public async Task<(MqttReasonCode Code, string? Words)> SubscribeAsync(string filter, CancellationToken cancellationToken = default)
    {
        var answer = await Session.SubscribeAsync([new MqttSubscription(filter, Qos)], cancellationToken);
        return (answer.Reasons[0], answer.Words);
    }

    /// <summary>Publishes one message, which is done when it is acknowledged, or written at QoS 0.</summary>
    /// <returns>The broker's answer; a refusal is one too.</returns>
    /// <exception cref="ConnectionException">The connection ended first.</exception>
    public async Task<MqttPubAck> PublishAsync(Message message, CancellationToken cancellationToken = default)
    {
        var retain = message.Retain is true;
        if (Qos == 0)
        {
            await Session.WrittenAsync(Session.Publish(message, 0, retain, 0), cancellationToken);
            return default;
        }

        var answer = new TaskCompletionSource<MqttPubAck>(TaskCreationOptions.RunContinuationsAsynchronously);
        ushort id;
        lock (_gate)
        {
            // Identifiers of publications go down from the top, those of subscriptions up from 1.
            id = _lastId = _lastId > 1 ? (ushort)(_lastId - 1) : ushort.MaxValue;
            _publication = (id, answer);
        }

        Session.Publish(message, 1, retain, id);
        await Session.OrLostAsync(answer.Task, cancellationToken);
        return await answer.Task;
    }

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    void IMqttReceiver.Begins(MqttSession session)
    {
        // It is the one that was made here.
    }

    void IMqttReceiver.Received(Message message, ushort packetId)
    {
        _received?.Invoke(message);
        if (packetId != 0)
            Session.Acknowledge(packetId);
    }

    void IMqttReceiver.Acknowledged(in MqttPubAck answer)
    {
        lock (_gate)
        {
            if (_publication?.PacketId != answer.PacketId)
                throw new MqttProtocolException(MqttReasonCode.ProtocolError, $"a message is acknowledged that was not sent ({answer.PacketId})");
            _publication.Value.Answer.TrySetResult(answer);
        }
    }

    void IMqttReceiver.Written(long position)
    {
        // Whoever waits for it asks the session.
    }

    Task IMqttReceiver.RoomAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
