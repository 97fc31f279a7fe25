using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Probes;

/// <summary>Why an MQTT broker does not let the endpoint in, by the reason code of its answer or by how it broke off.</summary>
internal static class SignInProblems
{
    /// <summary>From here on a code is one of MQTT 5, in whatever form the answer came.</summary>
    private const byte FirstNewCode = 0x80;

    /// <summary>Why the answer is a refusal; null when it is none.</summary>
    public static Problem? OfAnswer(MqttConnAck answer, ProbeContext context)
    {
        if (answer.IsAccepted)
            return null;
        if (answer.OldCode is < FirstNewCode and var old)
            return OfOldAnswer(old, context);
        var problem = OfCode(answer.Reason, answer.ServerReference, context);
        problem = problem.Summary is null ? problem with { Summary = $"Refused: {answer.Reason} (0x{(int)answer.Reason:X2})" } : problem;
        return BrokerWords.Added(answer.ReasonString, problem);
    }

    /// <summary>A server that speaks TLS where the endpoint has it off.</summary>
    public static Problem TlsServer() => new(
        "signin-tls-server", "The server speaks TLS on this port, and TLS is off in this endpoint.",
        "Switch TLS mode enabled on, or write the port of the broker's plain listener, for example 1883 for MQTT or 9092 for Kafka.")
    { Summary = "The server speaks TLS, and TLS is off" };

    public static Problem OfBrokenOff(Exception failure, ReadOnlySpan<byte> firstBytes, ProbeContext context)
    {
        if (firstBytes is [0x15, 0x03, ..])
            return TlsServer();
        if (firstBytes is [(byte)'H', (byte)'T', (byte)'T', (byte)'P', ..])
            return new Problem("signin-http-server", "A web server answers on this port, not an MQTT broker.",
                "Write the port of the MQTT listener, for example 8883, or set Protocol to WebSockets with the broker's path.")
            { Summary = "A web server answers" };
        if (firstBytes is [0xF0, ..])
            return new Problem("signin-challenge", $"The broker answers the sign-in with a further question (AUTH), which the method {MethodName(context)} does not have.",
                "Choose the authentication method that the broker's listener is set up for.")
            { Summary = "The broker asks a further question" };
        if (firstBytes.Length > 0 && firstBytes[0] is not 0x20)
            return new Problem("signin-not-mqtt", "What answers on this port does not speak MQTT.", "Check host and port: MQTT brokers usually listen on 8883 (TLS) or 1883.")
            { Summary = "The server does not speak MQTT" };
        if (failure is MqttProtocolException broken)
            return new Problem("signin-malformed", $"The broker's answer to the sign-in is not as MQTT 5 wants it: {broken.Message}.",
                "Look into the broker's log, and whether a newer version of the broker mends it.")
            { Summary = "The answer is malformed" };
        if (context.Target!.UsesTls && TlsProblems.OfAlertAfterHandshake(failure, context.Material.ClientCertificate is not null) is { } alert)
            return alert;
        if (ClosedOnCertificate(context) is { } refused)
            return refused;
        return new Problem(
            "signin-closed", "The broker closed the connection instead of answering the sign-in (CONNECT).",
            "Look into the broker's log. Common reasons: a full broker (maximum connections), a listener for another protocol or only for MQTT 3.1.1, a client ID that is not allowed, or a proxy in between.")
        { Summary = "Closed without an answer" };
    }

    /// <summary>A server that closes at the first request of a client with a certificate; null when the endpoint shows none.</summary>
    public static Problem? ClosedOnCertificate(ProbeContext context) => context is not { Target.UsesTls: true, Material.ClientCertificate: { } certificate } ? null : new Problem(
        "signin-certificate-refused", $"The server closes the connection right after the TLS handshake in which it was shown the client certificate '{ChainCertificate.TitleOf(certificate.Subject)}': it may not accept it, and says nothing.",
        "Look into the broker's log. Use a client certificate from a CA that the broker trusts, with its intermediate certificates in client_intermediate_certs.pem, and check that the broker knows its subject.")
    { Summary = "Closed after the client certificate" };

    // Brokers without MQTT 5 answer in the form of MQTT 3.1.1, which is two bytes long; also when they say yes.
    private static Problem OfOldAnswer(byte code, ProbeContext context) => code switch
    {
        1 => OldVersion(),
        2 => ClientId(),
        4 => Credentials(context),
        5 => NotAuthorized(context),
        3 => Unavailable(),
        _ => OldVersion(),
    };

    private static Problem OfCode(MqttReasonCode code, string? server, ProbeContext context) => code switch
    {
        MqttReasonCode.UnsupportedProtocolVersion => OldVersion(),
        MqttReasonCode.ClientIdentifierNotValid => ClientId(),
        MqttReasonCode.BadUserNameOrPassword => Credentials(context),
        MqttReasonCode.NotAuthorized => NotAuthorized(context),
        MqttReasonCode.ServerUnavailable => Unavailable(),
        MqttReasonCode.ServerBusy => new Problem("signin-server-busy", "The broker is too busy to take the connection.", "Try again in a moment; if it stays so, give the broker more resources or fewer clients."),
        MqttReasonCode.Banned => new Problem("signin-banned", "The broker has banned this client.", "Ask the broker's administrator to lift the ban on the address or client ID of the portal."),
        MqttReasonCode.BadAuthenticationMethod => new Problem(
            "signin-method", $"The broker does not offer the authentication method {MethodName(context)}.", "Choose another authentication method, or add this one to the broker's listener (for the broker of Azure IoT Operations in its BrokerAuthentication resource)."),
        MqttReasonCode.QuotaExceeded => new Problem(
            "signin-quota", "A limit of the broker is used up: connections or sessions.", "End unused sessions or raise the limit. Event Grid counts offline sessions too: raise the maximum client sessions per authentication name of the namespace, or wait until old ones expire."),
        MqttReasonCode.ConnectionRateExceeded => new Problem("signin-rate", "Too many connections in a short time for this broker.", "Wait a minute and test again; lower the number of clients that reconnect at once."),
        MqttReasonCode.UseAnotherServer or MqttReasonCode.ServerMoved => new Problem(
            "signin-moved", $"The broker sends clients to another server{(string.IsNullOrEmpty(server) ? "" : $": {server}")}.", "Write that server as host of the endpoint."),
        MqttReasonCode.PacketTooLarge => new Problem("signin-packet-too-large", "The sign-in is larger than the broker accepts; the token or client ID is too long for it.", "Raise the broker's maximum packet size, or use a shorter token."),
        MqttReasonCode.MalformedPacket or MqttReasonCode.ProtocolError => new Problem(
            "signin-protocol", "The broker calls the sign-in malformed.", "Check that the broker speaks MQTT 5 as the standard says, and look into its log."),
        MqttReasonCode.ImplementationSpecificError => new Problem("signin-implementation", "The sign-in is valid, but this broker does not accept it.", "Look into the broker's log for the reason, for example a session expiry or receive maximum that it does not take."),
        MqttReasonCode.RetainNotSupported or MqttReasonCode.QoSNotSupported or MqttReasonCode.TopicNameInvalid or MqttReasonCode.PayloadFormatInvalid => new Problem(
            "signin-will", $"The broker does not take the sign-in: {code}.", "Look into the broker's log for the reason."),
        _ => new Problem("signin-refused", $"The broker refuses the sign-in with the reason {code} (0x{(int)code:X2}).", "Look into the broker's log for the reason."),
    };

    private static Problem OldVersion() => new(
        "signin-mqtt-version", "The broker does not speak MQTT 5, only an older version.", "Use a broker with MQTT 5 (mosquitto 1.6 or newer, EMQX, HiveMQ, Azure Event Grid), or switch MQTT 5 on.")
    { Summary = "The broker does not speak MQTT 5" };

    private static Problem ClientId() => new(
        "signin-client-id", "The broker does not accept the client ID.", "Set a Client ID prefix that the broker allows, for example the name under which the client is registered.")
    { Summary = "Client ID not accepted" };

    private static Problem Unavailable() => new(
        "signin-server-unavailable", "The broker is not available at the moment.", "Check the broker's state, then test again.")
    { Summary = "The broker is not available" };

    private static Problem Credentials(ProbeContext context) => context.Endpoint.Settings!.Authentication is Authentication.Anonymous
        ? NotAuthorized(context) with { Cause = "signin-bad-credentials" }
        : new Problem("signin-bad-credentials", $"The broker does not accept the credentials of the method {MethodName(context)}.", Fix(context))
        { Summary = "Credentials not accepted" };

    private static Problem NotAuthorized(ProbeContext context) => new(
        "signin-not-authorized",
        context.Endpoint.Settings!.Authentication is Authentication.Anonymous
            ? "The broker lets nobody in without credentials, and this endpoint has none."
            : $"The broker does not let this client in with the method {MethodName(context)}.",
        Fix(context))
    { Summary = "Not authorized" };

    private static string MethodName(ProbeContext context) => context.Endpoint.Settings!.Authentication!.Method.ToString();

    private static string Fix(ProbeContext context) => context.Endpoint.Settings!.Authentication switch
    {
        Authentication.Anonymous => "Choose an authentication method that the broker offers, or allow anonymous clients on the broker's listener.",
        Authentication.X509Certificate => "Let the broker map the certificate's subject to a user or client that may connect. Event Grid wants the client registered with the subject or thumbprint, and the certificate's CA uploaded.",
        Authentication.ServiceAccountToken token => $"Check that the audience '{token.Audience}' is one that the broker's BrokerAuthentication resource lists (for example aio-internal), and that the token is not expired.",
        Authentication.SystemAssignedManagedIdentity or Authentication.UserAssignedManagedIdentity => RoleFix.Of(context.Endpoint, null) is { } roles ? roles + " Check the audience too, for example https://eventgrid.azure.net."
            : "Give the identity the roles EventGrid TopicSpaces Publisher and EventGrid TopicSpaces Subscriber on the topic space, and check the audience, for example https://eventgrid.azure.net.",
        _ => "Check the credentials.",
    };
}
