namespace Portal.Messaging.Mqtt.Session;

/// <summary>Cuts what comes over the connection into packets. It grows with what has really come, never with what a length promises.</summary>
internal sealed class MqttInbox
{
    private const int Usual = 128 * 1024;
    private const int LeastFree = 4 * 1024;

    private byte[] _bytes = new byte[Usual];
    private int _start;
    private int _end;
    private int _body;
    private int _length;

    /// <summary>Room for the next read.</summary>
    public Memory<byte> Free => _bytes.AsMemory(_end);

    /// <summary>First byte of the packet at hand: type and flags.</summary>
    public byte Header { get; private set; }

    /// <summary>The packet at hand after its length.</summary>
    public ReadOnlySpan<byte> Body => _bytes.AsSpan(_body, _length);

    public void Filled(int count) => _end += count;

    /// <summary>Whether what comes next is, by its first byte alone, of one of some types without flags.</summary>
    public bool BeginsWith(params ReadOnlySpan<MqttPacketType> types) =>
        (_bytes[_start] & 0x0F) == 0 && types.Contains((MqttPacketType)(_bytes[_start] >> 4));

    /// <summary>Moves to the next whole packet; false when more must come first.</summary>
    /// <exception cref="MqttProtocolException">The length is malformed.</exception>
    public bool TryNext()
    {
        var left = _bytes.AsSpan(_start, _end - _start);
        if (left.Length < 2)
            return false;
        var used = MqttPacketReader.TryVariableInteger(left[1..], out var length);
        if (used < 0)
            throw new MqttProtocolException(MqttReasonCode.MalformedPacket, "the length of a packet takes more than four bytes");
        if (used == 0 || left.Length - 1 - used < length)
            return false;
        Header = left[0];
        _body = _start + 1 + used;
        _length = (int)length;
        _start = _body + _length;
        return true;
    }

    /// <summary>Makes room for more; to be called when there is no whole packet left.</summary>
    public void MakeRoom()
    {
        var left = _end - _start;
        if (left == 0 && _bytes.Length > Usual)
            _bytes = new byte[Usual];
        else if (left > _bytes.Length - LeastFree)
            Array.Resize(ref _bytes, _bytes.Length * 2);
        if (_start > 0 && left > 0)
            _bytes.AsSpan(_start, left).CopyTo(_bytes);
        (_start, _end) = (0, left);
    }
}
