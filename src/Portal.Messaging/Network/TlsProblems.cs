using System.Net.Sockets;
using System.Text.RegularExpressions;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Network;

/// <summary>Why a TLS handshake failed below the certificate: alerts of the server, its first bytes, or its silence.</summary>
internal static partial class TlsProblems
{
    private const byte HandshakeRecord = 0x16;
    private const byte AlertRecord = 0x15;

    public static Problem Explain(Exception failure, ReadOnlySpan<byte> firstBytes, TlsHandshake.Session session)
    {
        if (firstBytes.Length > 0 && firstBytes[0] is not (HandshakeRecord or AlertRecord))
            return PlainServer("its answer is not TLS");
        var words = string.Join(" ", Texts(failure)).ToLowerInvariant();
        if (Alert().Match(words) is { Success: true } alert)
            return OfAlert(alert.Groups[1].Value.Trim(), session);
        if (words.Contains("wrong version number", StringComparison.Ordinal) || words.Contains("frame size", StringComparison.Ordinal))
            return PlainServer("its answer is not TLS");
        if (words.Contains("ee key too small", StringComparison.Ordinal) && session.HasClientCertificate)
            return WeakKey();
        if (words.Contains("unsupported protocol", StringComparison.Ordinal) || words.Contains("too small", StringComparison.Ordinal))
            return Protocol("The server offers only a version or key length of TLS that counts as unsafe");
        return Closed(failure, session);
    }

    /// <summary>A server that speaks without TLS on the port.</summary>
    public static Problem PlainServer(string how) => new(
        "tls-plain-server", $"The server speaks plain text on this port: {how}.",
        "Switch TLS mode enabled off, or write the port of the broker's TLS listener, for example 8883 for MQTT or 9093 for Kafka.")
    { Summary = "The server speaks plain text" };

    /// <summary>With TLS 1.3 a server may refuse the client certificate after the handshake; null when the failure is no alert.</summary>
    public static Problem? OfAlertAfterHandshake(Exception failure, bool hasClientCertificate)
    {
        var alert = Alert().Match(string.Join(" ", Texts(failure)).ToLowerInvariant());
        return !alert.Success ? null : hasClientCertificate ? Rejected($"its word is '{alert.Groups[1].Value.Trim()}'") : Required();
    }

    private static Problem OfAlert(string alert, TlsHandshake.Session session) => alert switch
    {
        "certificate required" => session.HasClientCertificate ? Rejected("it says that none came") : Required(),
        "handshake failure" when session.WasRequested is true => Required(),
        "unknown ca" => Rejected("it does not know the CA that issued it"),
        "certificate expired" => Rejected("it says that it is expired"),
        "certificate revoked" => Rejected("it says that it is revoked"),
        "bad certificate" or "certificate unknown" or "unsupported certificate" or "decrypt error" or "access denied"
            => session.HasClientCertificate ? Rejected($"its word is '{alert}'") : session.WasRequested is true ? Required() : Refused(alert),
        "protocol version" => Protocol("The server does not take TLS 1.2 or 1.3"),
        "handshake failure" or "insufficient security" => Protocol("Server and portal have no cipher in common"),
        "unrecognized name" => new Problem(
            "tls-name-refused", $"The server has no certificate for '{session.TargetName}' and refuses the connection.",
            "Write the host name under which the broker is set up, as its listener or proxy knows it.")
        { Summary = $"No certificate for {session.TargetName}" },
        _ => Refused(alert),
    };

    private static Problem WeakKey() => new(
        "tls-client-certificate-weak", "The key of the client certificate is too short to count as safe: this machine does not use it.",
        "Have a certificate issued for a key that is long enough: RSA with 2048 bits or more, or EC P-256.")
    { Summary = "The client certificate's key is too short" };

    private static Problem Required() => new(
        "tls-client-certificate-required", "The server wants a client certificate, and this endpoint shows none.",
        "Choose the authentication method X509 certificate with a secret that holds client_cert.pem and client_key.pem, or connect to a listener that does not ask for one.")
    { Summary = "The server wants a client certificate" };

    private static Problem Rejected(string how) => new(
        "tls-client-certificate-rejected", $"The server does not accept the client certificate: {how}.",
        "Use a client certificate from a CA that the broker trusts, with its intermediate certificates in client_intermediate_certs.pem, and check its dates.")
    { Summary = "The server rejects the client certificate" };

    private static Problem Refused(string alert) => new(
        "tls-refused", $"The server refuses the TLS connection with the alert '{alert}'.",
        "Look into the broker's log for the reason; check its TLS settings and certificate.")
    { Summary = $"TLS alert '{alert}'" };

    private static Problem Protocol(string what) => new(
        "tls-protocol", $"{what}.", "Let the broker's listener take TLS 1.2 or 1.3 with current ciphers.")
    { Summary = what };

    private static Problem Closed(Exception failure, TlsHandshake.Session session) =>
        session is { WasRequested: true, HasClientCertificate: false } ? Required()
        : new Problem(
            "tls-closed", failure.InnerException is SocketException or SocketException ? "The server cut the connection during the TLS handshake." : "The server closed the connection during the TLS handshake.",
            "Check that the port is a TLS listener of the broker (for example 8883) and not a plain one, and look into the broker's log.")
        { Summary = "The server closed the connection" };

    private static IEnumerable<string> Texts(Exception failure)
    {
        for (var one = failure; one is not null; one = one.InnerException)
            yield return one.Message;
    }

    [GeneratedRegex(@"(?:alert|tlsv1(?! alert)) ((?:[a-z]+ ?){1,3})")]
    private static partial Regex Alert();
}
