namespace Portal.Messaging.Mqtt.Session;

/// <summary>SUBSCRIBE and UNSUBSCRIBE that wait for their answer.</summary>
internal sealed class MqttRequests
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, TaskCompletionSource<MqttSubAck>> _waiting = [];
    private ushort _last;

    public (ushort PacketId, Task<MqttSubAck> Answer) Add()
    {
        var answer = new TaskCompletionSource<MqttSubAck>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            do
                _last = (ushort)(_last == ushort.MaxValue ? 1 : _last + 1);
            while (!_waiting.TryAdd(_last, answer));
            return (_last, answer.Task);
        }
    }

    /// <exception cref="MqttProtocolException">Nobody asked.</exception>
    public void Answer(MqttSubAck answer)
    {
        TaskCompletionSource<MqttSubAck>? waiting;
        lock (_gate)
            _waiting.Remove(answer.PacketId, out waiting);
        if (waiting is null)
            throw new MqttProtocolException(MqttReasonCode.ProtocolError, $"a subscription is answered that nobody made ({answer.PacketId})");
        waiting.SetResult(answer);
    }
}
