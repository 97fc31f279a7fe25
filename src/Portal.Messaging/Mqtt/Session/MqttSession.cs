using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>
/// An MQTT 5 session on a connection that is made already, for flows, previews and tests: QoS 0 and 1, acknowledged when
/// its receiver says so, in few reads and writes, with its sign-in renewed in time. It lives as long as its connection.
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
    private readonly MqttKeepAlive _keepAlive;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<MqttConnAck> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Problem> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private long _pings;
    private long _pongs;
    private volatile bool _isOver;
    private bool _hasEnded;

    /// <param name="stream">Closed with the session.</param>
    /// <param name="tokens">Renews <paramref name="token"/> before it expires; null = the sign-in holds for ever.</param>
    public MqttSession(Stream stream, MqttConnect connect, ITokenSource? tokens, BearerToken? token, IMqttReceiver receiver, TimeProvider time)
    {
        (_stream, _connect, _receiver, _time) = (stream, connect, receiver, time);
        _outbox = new MqttOutbox(stream, receiver.Written);
        _keepAlive = new MqttKeepAlive(this, time);
        Renewal = tokens is null || token is null ? null : new TokenRenewal(this, tokens, token, time);
    }

    /// <summary>True for a client that nothing shall be kept of: the broker forgets its session when it leaves.</summary>
    public bool ForgetsSession { get; set; }

    /// <summary>The broker's answer to the sign-in, once there is one.</summary>
    public MqttConnAck Answer { get; private set; } = new();

    /// <summary>True when the broker answered the sign-in, yes or no.</summary>
    public bool IsAnswered => _answer.Task.IsCompletedSuccessfully;

    /// <summary>Renews the sign-in; null when the method has no token.</summary>
    public TokenRenewal? Renewal { get; }

    /// <summary>Completes with the reason when the connection ends before it is closed here.</summary>
    public Task<Problem> Lost => _lost.Task;

    /// <summary>Bytes that wait to be written.</summary>
    public int Waiting => _outbox.Waiting;

    internal MqttConnect Settings => _connect;

    internal bool IsSignedIn => IsAnswered && Answer.IsAccepted;

    internal long LastWrite => _outbox.LastWrite;

    /// <summary>When something came last; always now while the flow does not want more.</summary>
    internal long LastHeard { get; private set; }

    internal bool IsHeldBack { get; private set; }

    /// <summary>Signs in. A refusal is an answer too, see <see cref="MqttConnAck.IsAccepted"/>.</summary>
    /// <exception cref="IOException">The connection broke instead.</exception>
    /// <exception cref="MqttProtocolException">What came is no answer of an MQTT broker.</exception>
    /// <exception cref="ConnectionException">The broker ended the connection with a reason, without an answer.</exception>
    public Task<MqttConnAck> ConnectAsync(CancellationToken cancellationToken = default)
    {
        _receiver.Begins(this);
        _outbox.Add(_connect, MqttPackets.Connect);
        _running = Task.Run(RunAsync, CancellationToken.None);
        return _answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Subscribes; gives one reason code for each subscription.</summary>
    /// <exception cref="ConnectionException">The connection ended first.</exception>
    public Task<MqttSubAck> SubscribeAsync(IReadOnlyList<MqttSubscription> subscriptions, CancellationToken cancellationToken = default) =>
        AskAsync(id => _outbox.Add((id, subscriptions), static (to, s) => MqttPackets.Subscribe(to, s.id, s.subscriptions)), cancellationToken);

    public Task<MqttSubAck> UnsubscribeAsync(IReadOnlyList<string> filters, CancellationToken cancellationToken = default) =>
        AskAsync(id => _outbox.Add((id, filters), static (to, s) => MqttPackets.Unsubscribe(to, s.id, s.filters)), cancellationToken);

    /// <summary>Publishes. Nothing happens on a connection that is over: <see cref="Lost"/> tells.</summary>
    /// <returns>Position for <see cref="IMqttReceiver.Written"/>; 0 when nothing happened.</returns>
    public long Publish(Message message, int qos, bool retain, ushort packetId) => _isOver ? 0 : _outbox.Add(
        (message, qos, retain, packetId), static (to, s) => MqttPackets.Publish(to, s.message, s.qos, s.retain, s.packetId));

    /// <summary>Acknowledges a received message of this very session.</summary>
    public void Acknowledge(ushort packetId)
    {
        if (!_isOver)
            _outbox.Add(packetId, static (to, id) => MqttPackets.PubAck(to, id));
    }

    /// <summary>Pings that the broker answered: what it had sent before has been read.</summary>
    internal long Pongs => Volatile.Read(ref _pongs);

    /// <returns>Number of the ping, which <see cref="Pongs"/> reaches with its answer.</returns>
    internal long Ping()
    {
        var number = Interlocked.Increment(ref _pings);
        _outbox.Add(0, static (to, _) => MqttPackets.PingReq(to));
        return number;
    }

    /// <summary>Waits until everything up to a position has been given to the network.</summary>
    /// <exception cref="ConnectionException">The connection ended first.</exception>
    public async Task WrittenAsync(long position, CancellationToken cancellationToken = default)
    {
        if (position == 0)
            throw new ConnectionException(await Lost.WaitAsync(cancellationToken));
        await OrLostAsync(_outbox.WrittenAsync(position, cancellationToken), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Waits for something that the broker has to do.</summary>
    /// <exception cref="ConnectionException">The connection ended first.</exception>
    public async Task OrLostAsync(Task awaited, CancellationToken cancellationToken = default)
    {
        if (await Task.WhenAny(awaited, Lost).WaitAsync(cancellationToken) != awaited)
            throw new ConnectionException(await Lost);
    }

    internal void SendToken(MqttReasonCode reason, string token) =>
        _outbox.Add((reason, _connect.Method!, token), static (to, s) => MqttPackets.Auth(to, s.reason, s.Item2, Encoding.UTF8.GetBytes(s.token)));

    public async ValueTask DisposeAsync()
    {
        if (_hasEnded)
            return;
        _hasEnded = true;
        if (!_isOver && IsSignedIn)
            await SayGoodbyeAsync(MqttReasonCode.Success);
        await EndAsync();
        _stop.Dispose();
    }

    private async Task<MqttSubAck> AskAsync(Action<ushort> send, CancellationToken cancellationToken)
    {
        var (id, answer) = _requests.Add();
        send(id);
        await OrLostAsync(answer, cancellationToken);
        return await answer;
    }

    private async Task RunAsync()
    {
        LastHeard = _time.GetTimestamp();
        // The clocks run before the broker can answer.
        List<Task> all = [_keepAlive.RunAsync(_stop.Token)];
        if (Renewal is not null)
            all.Add(Renewal.RunAsync(_stop.Token));
        var writing = _outbox.RunAsync(_time, _stop.Token);
        var reading = ReadAsync(_stop.Token);
        all.AddRange([writing, reading]);
        var first = await Task.WhenAny(all);
        _isOver = true;
        // Who cannot write any more may still have been told why.
        if (first == writing && await Task.WhenAny(reading, Task.Delay(_goodbye, _time, _stop.Token)) == reading)
            first = reading;
        await EndedAsync(first);
        await _stop.CancelAsync();
        // The stream ends too, so that a read that heeds no cancellation ends as well.
        await _stream.DisposeAsync();
        await Task.WhenAll(all.Select(Ended));
    }

    private async Task EndedAsync(Task first)
    {
        try
        {
            await first;
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException or WebSocketException)
        {
            _answer.TrySetException(e as IOException ?? new IOException("The connection ended.", e));
            _lost.TrySetResult(MqttDisconnects.Lost());
        }
        catch (MqttProtocolException e)
        {
            // First the broker: whoever hears that the session is over disposes it, and nothing is written any more.
            if (IsSignedIn)
                await SayGoodbyeAsync(e.Reason);
            _answer.TrySetException(e);
            _lost.TrySetResult(MqttDisconnects.Broken(e.Message));
        }
        catch (ConnectionException e)
        {
            _answer.TrySetException(e);
            _lost.TrySetResult(e.Problem);
        }
        catch (Exception e)
        {
            // Nobody foresaw this one. Whoever waits gets it: a connection must not look alive that is not.
            _answer.TrySetException(e);
            _lost.TrySetException(e);
        }
    }

    private static Task Ended(Task task) => task.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private async Task SayGoodbyeAsync(MqttReasonCode reason)
    {
        var position = _outbox.Add((reason, ForgetsSession), static (to, s) => MqttPackets.Disconnect(to, s.reason, s.ForgetsSession));
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
            if (!IsAnswered && !inbox.BeginsWith(MqttPacketType.ConnAck, MqttPacketType.Auth, MqttPacketType.Disconnect))
                throw new MqttProtocolException(MqttReasonCode.ProtocolError, "what comes is no answer to the sign-in");
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
            throw new MqttProtocolException(MqttReasonCode.MalformedPacket, $"the reserved flags of {type} are set");
        if (!_answer.Task.IsCompleted && type is not (MqttPacketType.ConnAck or MqttPacketType.Auth or MqttPacketType.Disconnect))
            throw new MqttProtocolException(MqttReasonCode.ProtocolError, $"{type} comes before the sign-in was answered");
        switch (type)
        {
            case MqttPacketType.Publish:
                var (message, packetId) = _publishes.Read(header, body, now);
                // What cannot be acknowledged any more comes again.
                if (packetId == 0 || !_isOver)
                    _receiver.Received(message, packetId);
                break;
            case MqttPacketType.PubAck:
                _receiver.Acknowledged(MqttPubAck.Read(body));
                break;
            case MqttPacketType.ConnAck:
                if (IsAnswered)
                    throw new MqttProtocolException(MqttReasonCode.ProtocolError, "the sign-in is answered twice");
                Answer = MqttConnAck.Read(body);
                _answer.TrySetResult(Answer);
                break;
            case MqttPacketType.SubAck or MqttPacketType.UnsubAck:
                _requests.Answer(MqttSubAck.Read(body));
                break;
            case MqttPacketType.PingResp:
                Volatile.Write(ref _pongs, _pongs + 1);
                break;
            case MqttPacketType.Auth:
                (Renewal ?? throw new MqttProtocolException(MqttReasonCode.ProtocolError, "AUTH comes to a client without enhanced authentication")).Answered(MqttAuth.Read(body));
                break;
            case MqttPacketType.Disconnect:
                throw new ConnectionException(MqttDisconnects.Explain(MqttDisconnect.Read(body)));
            default:
                throw new MqttProtocolException(MqttReasonCode.ProtocolError, $"a broker does not send packets of type {(int)type}");
        }
    }
}
