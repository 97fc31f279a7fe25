using System.Text;
using Portal.Messaging.Mqtt.Session;

namespace Portal.Messaging.Tests.Mqtt;

/// <summary>Packets of MQTT 5.0, byte for byte as the standard lays them out.</summary>
public sealed class MqttAnswerTests
{
    /// <summary>Section 3.2.2.3: every property that CONNACK may have.</summary>
    [Fact]
    public void A_CONNACK_tells_all_its_properties()
    {
        var answer = MqttConnAck.Read(Hex(
            "01 00 5C"
            + "11 00000E10" // session expiry 3600 s
            + "21 0014" // receive maximum 20
            + "24 01" // maximum QoS 1
            + "25 00" // no retained messages
            + "27 00080000" // packets of 512 KiB
            + "12 0003 616263" // assigned client identifier abc
            + "22 000A" // topic alias maximum 10
            + "1F 0005 68656C6C6F" // reason string hello
            + "26 0001 61 0001 31 26 0001 61 0001 32" // user properties a=1, a=2
            + "28 00 29 00 2A 00" // no wildcards, subscription identifiers, shared subscriptions
            + "13 001E" // server keep alive 30 s
            + "1A 0003 722F31" // response information r/1
            + "1C 000B 6F746865723A38383833" + "33" // server reference other:88833
            + "15 0007 4B38532D534154" // authentication method K8S-SAT
            + "16 0002 00FF")); // authentication data

        Assert.True(answer.IsAccepted);
        Assert.True(answer.SessionPresent);
        Assert.Null(answer.OldCode);
        Assert.Equal((3600u, 524_288u), (answer.SessionExpiryInterval!.Value, answer.MaximumPacketSize!.Value));
        Assert.Equal((20, 1, false), ((int)answer.ReceiveMaximum, answer.MaximumQoS, answer.RetainAvailable));
        Assert.Equal(("abc", (ushort)10, "hello"), (answer.AssignedClientIdentifier, answer.TopicAliasMaximum, answer.ReasonString));
        Assert.Equal(["a=1", "a=2"], answer.UserProperties.Select(one => $"{one.Name}={Encoding.UTF8.GetString(one.Value!.Value.Span)}"));
        Assert.Equal((false, false, false), (answer.WildcardSubscriptionAvailable, answer.SubscriptionIdentifierAvailable, answer.SharedSubscriptionAvailable));
        Assert.Equal((30, "r/1", "other:88833"), ((int)answer.ServerKeepAlive!, answer.ResponseInformation, answer.ServerReference));
        Assert.Equal("K8S-SAT", answer.AuthenticationMethod);
        Assert.Equal([0x00, 0xFF], answer.AuthenticationData!.Value.ToArray());
    }

    /// <summary>What a broker leaves out has the value of the standard.</summary>
    [Fact]
    public void A_CONNACK_without_properties_has_the_defaults_of_the_standard()
    {
        var answer = MqttConnAck.Read(Hex("00 00 00"));

        Assert.Equal(new MqttConnAck { ReceiveMaximum = 65_535, MaximumQoS = 2 }, answer);
        Assert.Equal((true, true, true, true), (answer.RetainAvailable, answer.WildcardSubscriptionAvailable, answer.SubscriptionIdentifierAvailable, answer.SharedSubscriptionAvailable));
        Assert.Equal(((uint?)null, (uint?)null, (ushort?)null), (answer.SessionExpiryInterval, answer.MaximumPacketSize, answer.ServerKeepAlive));
    }

    /// <summary>Table 3-1 of section 3.2.2.2.</summary>
    [Theory]
    [InlineData(0x80, "0x80 UnspecifiedError")]
    [InlineData(0x81, "0x81 MalformedPacket")]
    [InlineData(0x82, "0x82 ProtocolError")]
    [InlineData(0x83, "0x83 ImplementationSpecificError")]
    [InlineData(0x84, "0x84 UnsupportedProtocolVersion")]
    [InlineData(0x85, "0x85 ClientIdentifierNotValid")]
    [InlineData(0x86, "0x86 BadUserNameOrPassword")]
    [InlineData(0x87, "0x87 NotAuthorized")]
    [InlineData(0x88, "0x88 ServerUnavailable")]
    [InlineData(0x89, "0x89 ServerBusy")]
    [InlineData(0x8A, "0x8A Banned")]
    [InlineData(0x8C, "0x8C BadAuthenticationMethod")]
    [InlineData(0x90, "0x90 TopicNameInvalid")]
    [InlineData(0x95, "0x95 PacketTooLarge")]
    [InlineData(0x97, "0x97 QuotaExceeded")]
    [InlineData(0x99, "0x99 PayloadFormatInvalid")]
    [InlineData(0x9A, "0x9A RetainNotSupported")]
    [InlineData(0x9B, "0x9B QoSNotSupported")]
    [InlineData(0x9C, "0x9C UseAnotherServer")]
    [InlineData(0x9D, "0x9D ServerMoved")]
    [InlineData(0x9F, "0x9F ConnectionRateExceeded")]
    [InlineData(0xEE, "0xEE")]
    public void A_refused_sign_in_is_a_value_with_its_reason(int code, string shown)
    {
        var answer = MqttConnAck.Read([0, (byte)code, 0]);

        Assert.False(answer.IsAccepted);
        Assert.True(answer.Reason.IsFailure);
        Assert.Equal(shown, answer.Reason.Shown);
    }

    /// <summary>MQTT 3.1.1, section 3.2: two bytes, whatever they say.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(0x84)]
    public void An_answer_in_the_form_of_MQTT_3_1_1_is_a_value_and_no_acceptance(int code)
    {
        var answer = MqttConnAck.Read([0, (byte)code]);

        Assert.Equal((byte)code, answer.OldCode);
        Assert.False(answer.IsAccepted);
    }

    [Theory]
    [InlineData("02 00 00", "reserved flags")]
    [InlineData("00", "too soon")]
    [InlineData("00 00 03 21 00", "too soon")]
    [InlineData("00 00 00 00", "longer than its properties")]
    [InlineData("00 00 03 21 0000", "limit of 0")]
    [InlineData("00 00 05 27 00000000", "limit of 0")]
    [InlineData("00 00 02 24 02", "0 or 1")]
    [InlineData("00 00 06 13 0001 13 0002", "property 0x13 twice")]
    [InlineData("00 00 02 01 01", "property 0x01")]
    [InlineData("00 00 05 1F 0002 C3 28", "UTF-8")]
    public void A_malformed_CONNACK_says_what_is_wrong(string hex, string words) =>
        Assert.Contains(words, Assert.Throws<MqttProtocolException>(() => MqttConnAck.Read(Hex(hex))).Message, StringComparison.Ordinal);

    /// <summary>Section 3.4: identifier alone, with a reason, with a reason string and user properties.</summary>
    [Theory]
    [InlineData("000A", 0x00, null)]
    [InlineData("000A 10", 0x10, null)]
    [InlineData("000A 97 00", 0x97, null)]
    [InlineData("000A 97 0E 1F 0004 66756C6C 26 0001 61 0001 62", 0x97, "full")]
    public void A_PUBACK_tells_its_reason_and_words(string hex, int reason, string? words) =>
        Assert.Equal(new MqttPubAck(10, (MqttReasonCode)reason, words), MqttPubAck.Read(Hex(hex)));

    /// <summary>Section 3.9: properties, then one code for each filter.</summary>
    [Fact]
    public void A_SUBACK_tells_a_reason_for_each_filter_and_words()
    {
        var answer = MqttSubAck.Read(Hex("000A 07 1F 0004 6E6F7065 01 87 A2"));

        Assert.Equal((10, "nope"), (answer.PacketId, answer.Words));
        Assert.Equal([MqttReasonCode.GrantedQoS1, MqttReasonCode.NotAuthorized, MqttReasonCode.WildcardSubscriptionsNotSupported], answer.Reasons);
        Assert.Contains("without a reason code", Assert.Throws<MqttProtocolException>(() => MqttSubAck.Read(Hex("000A 00"))).Message, StringComparison.Ordinal);
    }

    /// <summary>Section 3.14: nothing is a normal end; reason, words and another server.</summary>
    [Theory]
    [InlineData("", 0x00, null, null)]
    [InlineData("8B", 0x8B, null, null)]
    [InlineData("9D 0D 1F 0002 676F 1C 0005 6F746865 72", 0x9D, "go", "other")]
    public void A_DISCONNECT_tells_its_reason_words_and_another_server(string hex, int reason, string? words, string? server) =>
        Assert.Equal(new MqttDisconnect((MqttReasonCode)reason, words, server), MqttDisconnect.Read(Hex(hex)));

    /// <summary>Section 3.15: success may be left out.</summary>
    [Theory]
    [InlineData("", 0x00, null, null)]
    [InlineData("18 10 15 0003 4A5754 16 0002 0102 1F 0002 6F6E", 0x18, "JWT", "on")]
    public void An_AUTH_tells_its_reason_method_and_words(string hex, int reason, string? method, string? words) =>
        Assert.Equal(new MqttAuth((MqttReasonCode)reason, method, words), MqttAuth.Read(Hex(hex)));

    /// <summary>The example of section 3.8.3, and each option bit of section 3.8.3.1.</summary>
    [Fact]
    public void A_SUBSCRIBE_has_its_filters_with_their_options()
    {
        MqttSubscription[] plain = [Plain("a/b", 1), Plain("c/d", 2)];
        MqttSubscription[] options =
        [
            new("d", 1), Plain("d", 0) with { NoLocal = true }, Plain("d", 0) with { RetainAsPublished = true }, Plain("d", 0) with { RetainHandling = MqttRetainHandling.Never },
        ];

        Assert.Equal("820F" + "000A" + "00" + "0003612F6201" + "0003632F6402", Written(to => MqttPackets.Subscribe(to, 10, plain)));
        Assert.Equal("8213" + "000A" + "00" + "00016419" + "00016404" + "00016408" + "00016420", Written(to => MqttPackets.Subscribe(to, 10, options)));
    }

    /// <summary>The example of section 3.10.3.</summary>
    [Fact]
    public void An_UNSUBSCRIBE_has_its_filters() =>
        Assert.Equal("A20D" + "000A" + "00" + "0003612F62" + "0003632F64", Written(to => MqttPackets.Unsubscribe(to, 10, ["a/b", "c/d"])));

    [Fact]
    public void A_CONNECT_has_the_settings_and_the_token_of_the_enhanced_authentication() =>
        Assert.Equal(
            "102F" + "00044D515454" + "05" + "02" + "003C"
            + "1C" + "1100000E10" + "210064" + "220040" + "1500074B38532D534154" + "160004" + "61626364" + "0006706F7274616C",
            Written(to => MqttPackets.Connect(to, new MqttConnect("portal", true, 60, 3600, 100, "K8S-SAT", "abcd"u8.ToArray()))));

    /// <summary>Section 3.14.2.2.2: the session expiry may be set to 0 at the end.</summary>
    [Theory]
    [InlineData(0x00, false, "E000")]
    [InlineData(0x81, false, "E00181")]
    [InlineData(0x00, true, "E007" + "00" + "05" + "1100000000")]
    public void A_goodbye_says_why_and_may_ask_to_forget_the_session(int reason, bool forgets, string packet) =>
        Assert.Equal(packet, Written(to => MqttPackets.Disconnect(to, (MqttReasonCode)reason, forgets)));

    [Fact]
    public void A_renewal_has_method_and_token() =>
        Assert.Equal("F00F" + "19" + "0D" + "150003" + "4A5754" + "160004" + "61626364", Written(to => MqttPackets.Auth(to, MqttReasonCode.ReAuthenticate, "JWT", "abcd"u8.ToArray())));

    private static MqttSubscription Plain(string filter, int qos) => new(filter, qos) { RetainAsPublished = false, RetainHandling = MqttRetainHandling.EachTime };

    private static string Written(Action<MqttPacketWriter> write)
    {
        var writer = new MqttPacketWriter();
        write(writer);
        return Convert.ToHexString(writer.Written.Span);
    }

    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));
}
