namespace Portal.Messaging.Mqtt.Session;

/// <summary>What a session hands on. Calls come one after the other from the session's reader and return at once.</summary>
internal interface IMqttReceiver
{
    /// <summary>Comes before everything else, so that a message can be acknowledged as soon as it is here: with a session that the broker kept, messages follow its answer to the sign-in at once.</summary>
    void Begins(MqttSession session);

    /// <summary>True when nothing more can be taken now; the session then reads on after <see cref="RoomAsync"/>.</summary>
    bool IsFull { get; }

    Task RoomAsync(CancellationToken cancellationToken);

    /// <summary>A message came.</summary>
    /// <param name="packetId">For its acknowledgement; 0 at QoS 0.</param>
    void Received(Message message, ushort packetId);

    /// <summary>The broker answered a message that was published at QoS 1.</summary>
    void Acknowledged(in MqttPubAck answer);

    /// <summary>Everything up to a position has been written. From another thread than the rest.</summary>
    void Written(long position);
}
