namespace Portal.Messaging.Mqtt.Session;

/// <summary>
/// Reason codes of MQTT 5.0 (section 2.4), those of all packets in one list: below 0x80 it went well. The names are those of
/// the standard.
/// </summary>
internal enum MqttReasonCode : byte
{
    /// <summary>Success; in SUBACK granted QoS 0, in DISCONNECT normal disconnection.</summary>
    Success = 0x00,

    /// <summary>SUBACK: the subscription is there, with QoS 1 at most.</summary>
    GrantedQoS1 = 0x01,

    /// <summary>SUBACK: the subscription is there, with QoS 2 at most.</summary>
    GrantedQoS2 = 0x02,

    /// <summary>DISCONNECT of a client that wants its will to be published all the same.</summary>
    DisconnectWithWillMessage = 0x04,

    /// <summary>PUBACK: the message was taken, and nobody has subscribed to its topic.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>UNSUBACK: there was no such subscription.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>AUTH: the sign-in goes on with another step.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>AUTH of a client that renews its sign-in on the connection at hand.</summary>
    ReAuthenticate = 0x19,

    /// <summary>The sender does not want to say why, or no other code fits.</summary>
    UnspecifiedError = 0x80,

    /// <summary>The bytes of a packet are not as the standard wants them.</summary>
    MalformedPacket = 0x81,

    /// <summary>A packet is well formed, and does not belong where it came.</summary>
    ProtocolError = 0x82,

    /// <summary>The packet is valid, and this receiver does not take it.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>CONNACK: the broker does not speak this version of MQTT.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>CONNACK: the client identifier is valid, and not allowed here.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>CONNACK: the broker does not accept the credentials.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>The client may not do that.</summary>
    NotAuthorized = 0x87,

    /// <summary>CONNACK: the broker cannot serve at the moment.</summary>
    ServerUnavailable = 0x88,

    /// <summary>The broker has too much to do; later it may work.</summary>
    ServerBusy = 0x89,

    /// <summary>CONNACK: this client has been banned by an administrator.</summary>
    Banned = 0x8A,

    /// <summary>DISCONNECT: the broker is being stopped.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>The method of the sign-in is not offered, or is not the one at hand.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>DISCONNECT: nothing came for one and a half times the keep alive.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>DISCONNECT: another connection uses the same client identifier.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>The topic filter is well formed, and not allowed for this client.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>The topic name is well formed, and not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>The packet identifier is in use already.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>The packet identifier is not known.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>More messages wait for their acknowledgement than the receive maximum allows.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>A topic alias is 0 or above the maximum.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>The packet is larger than the receiver takes.</summary>
    PacketTooLarge = 0x95,

    /// <summary>Messages come too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>A limit that an implementation or an administrator set is used up.</summary>
    QuotaExceeded = 0x97,

    /// <summary>DISCONNECT: an administrator ended the connection.</summary>
    AdministrativeAction = 0x98,

    /// <summary>The payload is not what its format indicator says.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>The broker keeps no retained messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>The QoS is above the maximum that the broker named.</summary>
    QoSNotSupported = 0x9B,

    /// <summary>For now the client is to use another server, see server reference.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>From now on the client is to use another server, see server reference.</summary>
    ServerMoved = 0x9D,

    /// <summary>The broker takes no shared subscriptions.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>Connections come too fast.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>DISCONNECT: the longest time that a connection may last is over.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>The broker takes no subscription identifiers.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>The broker takes no wildcards in subscriptions.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}

/// <summary>What holds for reason codes, those of later versions included.</summary>
internal static class MqttReasonCodes
{
    private const byte FirstFailure = 0x80;

    extension(MqttReasonCode code)
    {
        public bool IsFailure => (byte)code >= FirstFailure;

        /// <summary>The code for people, for example <c>0x87 NotAuthorized</c>.</summary>
        public string Shown => Enum.IsDefined(code) ? $"0x{(byte)code:X2} {code}" : $"0x{(byte)code:X2}";
    }
}
