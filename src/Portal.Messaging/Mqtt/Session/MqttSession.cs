using System.Net.Sockets;
using System.Text;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>
/// An MQTT 5 session of a flow on a connection that is made already: QoS 0 and 1, acknowledged when the flow says so, in
/// few reads and writes, with its sign-in renewed before the token expires. It lives as long as its connection.
/// </summary>
internal sealed class MqttSession : IAsyncDisposable
{
    private static readonly TimeSpan _goodbye = TimeSpan.FromSeconds(1);

    private readonly Stream _stream;
    private readonly IMqttReceiver _receiver;
    private readonly TimeProvider _time;
    private readonly MqttConnect _connect;
    private readonly MqttOutbox _outbox;
    private readonly MqttPublishReader _publishes = new();
    private readonly MqttRequests _requests = new();
    private readonly MqttTending _tending;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<MqttConnAck> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Problem> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private volatile bool _isOver;
    private bool _hasEnded;

    /// <param name="stream">Closed with the session.</param>
    /// <param name="tokens">Renews <paramref name="token"/> before it expires; null = the sign-in holds for ever.</param>
    public MqttSession(Stream stream, MqttConnect connect, ITokenSource? tokens, BearerToken? token, IMqttReceiver receiver, TimeProvider time)
    {
        (_stream, _connect, _receiver, _time) = (stream, connect, receiver, time);
        _outbox = new MqttOutbox(stream, receiver.Written);
        _tending = new MqttTending(this, tokens, token, time);
    }

    /// <summary>The broker's answer to the sign-in, once it said yes.</summary>
    public MqttConnAck Answer { get; private set; } = new();

    /// <summary>Completes with the reason when the connection ends before it is closed here.</summary>
    public Task<Problem> Lost => _lost.Task;

    /// <summary>Bytes that wait to be written.</summary>
    public int Waiting => _outbox.Waiting;

    internal MqttConnect Settings => _connect;

    internal long LastWrite => _outbox.LastWrite;

    /// <summary>When something came last; always now while the flow does not want more.</summary>
    internal long LastHeard { get; private set; }

    internal bool IsHeldBack { get; private set; }

    /// <summary>Signs in.</summary>
    /// <exception cref="IOException">The connection broke instead.</exception>
    /// <exception cref="MqttProtocolException">What came is no answer of an MQTT 5 broker.</exception>
    public async Task<MqttConnAck> ConnectAsync(CancellationToken cancellationToken = default)
    {
        _outbox.Add(_connect, MqttPackets.Connect);
        _running = Task.Run(RunAsync, CancellationToken.None);
        Answer = await _answer.Task.WaitAsync(cancellationToken);
        return Answer;
    }

    /// <summary>Subscribes; gives one reason code for each filter, 0x80 and more is a refusal.</summary>
    public Task<MqttSubAck> SubscribeAsync(IReadOnlyList<string> filters, int qos, CancellationToken cancellationToken = default) =>
        AskAsync(id => _outbox.Add((id, filters, qos), static (to, s) => MqttPackets.Subscribe(to, s.id, s.filters, s.qos)), cancellationToken);

    public Task<MqttSubAck> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken = default) =>
        AskAsync(id => _outbox.Add((id, filters), static (to, s) => MqttPackets.Unsubscribe(to, s.id, s.filters)), cancellationToken);

    /// <summary>Publishes. Nothing happens on a connection that is over: <see cref="Lost"/> tells.</summary>
    /// <returns>Position for <see cref="IMqttReceiver.Written"/>.</returns>
    public long Publish(Message message, int qos, bool retain, ushort packetId) => _isOver ? 0 : _outbox.Add(
        (message, qos, retain, packetId), static (to, s) => MqttPackets.Publish(to, s.message, s.qos, s.retain, s.packetId));

    /// <summary>Acknowledges a received message of this very session.</summary>
    public void Acknowledge(ushort packetId)
    {
        if (!_isOver)
            _outbox.Add(packetId, static (to, id) => MqttPackets.PubAck(to, id));
    }

    internal void Ping() => _outbox.Add(0, static (to, _) => MqttPackets.PingReq(to));

    internal void SendToken(byte reason, string token) =>
        _outbox.Add((reason, _connect.Method!, token), static (to, s) => MqttPackets.Auth(to, s.reason, s.Item2, Encoding.UTF8.GetBytes(s.token)));

    /// <summary>Ends the session itself with the connection: the broker keeps nothing for this client.</summary>
    public async Task EndForGoodAsync()
    {
        _isOver = true;
        await SayAsync(_outbox.Add(0, static (to, _) => MqttPackets.DisconnectForGood(to)));
    }

    public async ValueTask DisposeAsync()
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        if (!_isOver)
            await SayGoodbyeAsync(0);
        await EndAsync();
        _stop.Dispose();
    }

    private async Task<MqttSubAck> AskAsync(Action<ushort> send, CancellationToken cancellationToken)
    {
        var (id, answer) = _requests.Add();
        send(id);
        var first = await Task.WhenAny(answer, Lost).WaitAsync(cancellationToken);
        return first == answer ? await answer : throw new ConnectionException(await Lost);
    }

    private async Task RunAsync()
    {
        LastHeard = _time.GetTimestamp();
        var reading = ReadAsync(_stop.Token);
        var writing = _outbox.RunAsync(_time, _stop.Token);
        var tending = _tending.RunAsync(_stop.Token);
        var first = await Task.WhenAny(reading, writing, tending);
        _isOver = true;
        try
        {
            await first;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or System.Net.WebSockets.WebSocketException)
        {
            _answer.TrySetException(e as IOException ?? new IOException("The connection ended.", e));
            _lost.TrySetResult(MqttDisconnects.Lost());
        }
        catch (MqttProtocolException e)
        {
            // First the broker: whoever hears that the session is over disposes it, and nothing is written any more.
            await SayGoodbyeAsync(e.Reason);
            _answer.TrySetException(e);
            _lost.TrySetResult(MqttDisconnects.Broken(e.Message));
        }
        catch (MqttEndedException e)
        {
            _answer.TrySetException(new IOException(e.Problem.Explanation, e));
            _lost.TrySetResult(e.Problem);
        }

        await _stop.CancelAsync();
        // The stream ends too, so that a read that heeds no cancellation ends as well.
        await _stream.DisposeAsync();
        await Task.WhenAll(Ended(reading), Ended(writing), Ended(tending));
    }

    private static Task Ended(Task task) => task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private Task SayGoodbyeAsync(byte reason) => SayAsync(_outbox.Add(reason, static (to, code) => MqttPackets.Disconnect(to, code)));

    private async Task SayAsync(long position)
    {
        using var limit = new CancellationTokenSource(_goodbye, _time);
        await _outbox.WrittenAsync(position, limit.Token);
    }

    private async Task EndAsync()
    {
        _isOver = true;
        await _stop.CancelAsync();
        await _running;
        await _stream.DisposeAsync();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var inbox = new MqttInbox();
        while (true)
        {
            var count = await _stream.ReadAsync(inbox.Free, cancellationToken).ConfigureAwait(false);
            if (count == 0)
                throw new EndOfStreamException("The broker closed the connection.");
            inbox.Filled(count);
            LastHeard = _time.GetTimestamp();
            var now = _time.GetUtcNow();
            while (inbox.TryNext())
            {
                Handle(inbox.Header, inbox.Body, now);
                if (!_receiver.IsFull)
                    continue;
                IsHeldBack = true;
                await _receiver.RoomAsync(cancellationToken).ConfigureAwait(false);
                LastHeard = _time.GetTimestamp();
                IsHeldBack = false;
            }

            inbox.MakeRoom();
        }
    }

    private void Handle(byte header, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var type = (MqttPacketType)(header >> 4);
        if (type is not MqttPacketType.Publish && (header & 0x0F) != 0)
            throw new MqttProtocolException(MqttProtocolException.Malformed, $"the reserved flags of {type} are set");
        if (!_answer.Task.IsCompleted && type is not (MqttPacketType.ConnAck or MqttPacketType.Auth or MqttPacketType.Disconnect))
            throw new MqttProtocolException(MqttProtocolException.Protocol, $"{type} comes before the sign-in was answered");
        switch (type)
        {
            case MqttPacketType.Publish:
                var (message, packetId) = _publishes.Read(header, body, now);
                _receiver.Received(message, packetId);
                break;
            case MqttPacketType.PubAck:
                _receiver.Acknowledged(MqttPubAck.Read(body));
                break;
            case MqttPacketType.ConnAck:
                if (!_answer.TrySetResult(MqttConnAck.Read(body)))
                    throw new MqttProtocolException(MqttProtocolException.Protocol, "the sign-in is answered twice");
                break;
            case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                _requests.Answer(MqttSubAck.Read(body));
                break;
            case MqttPacketType.PingResp:
                break;
            case MqttPacketType.Auth:
                _tending.Answered(MqttAuth.Read(body));
                break;
            case MqttPacketType.Disconnect:
                var end = MqttDisconnect.Read(body);
                throw new MqttEndedException(MqttDisconnects.Explain((MQTTnet.MqttClientDisconnectReason)end.Reason, end.Words));
            default:
                throw new MqttProtocolException(MqttProtocolException.Protocol, $"a broker does not send packets of type {(int)type}");
        }
    }
}

/// <summary>The session ends for a reason that is known.</summary>
internal sealed class MqttEndedException(Problem problem) : Exception(problem.Explanation)
{
    public Problem Problem { get; } = problem;
}
