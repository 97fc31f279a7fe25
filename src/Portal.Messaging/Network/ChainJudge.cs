using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Network;

/// <summary>What the chain of a server is worth.</summary>
internal sealed record ChainVerdict(IReadOnlyList<ChainCertificate> Chain, IReadOnlyList<TlsCheck> Checks, Problem? Problem);

/// <summary>Turns what the platform found about a server's certificate into a cause with its fix.</summary>
internal static class ChainJudge
{
    private const X509ChainStatusFlags TrustFlags = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    public static ChainVerdict Judge(
        X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors, string targetName, ConnectionMaterial material, TimeProvider clock)
    {
        if (certificate is not X509Certificate2 leaf || chain is null)
        {
            return new ChainVerdict([], [], new Problem(
                "tls-no-certificate", "The server showed no certificate.", "Give the broker's listener a server certificate, or connect to a listener that has one."));
        }
        var elements = ChainReader.Read(leaf, chain, material);
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (flags, one) => flags | one.Status);
        var now = clock.GetUtcNow();
        var isTrusted = (status & TrustFlags) == 0;
        var outdated = elements.FirstOrDefault(element => element.NotAfter <= now || element.NotBefore > now);
        var nameMatches = !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        TlsCheck[] checks =
        [
            new("name", nameMatches, nameMatches ? "Name matches" : $"Name {targetName} is not in it"),
            new("expiry", outdated is null, outdated is null ? "Not expired" : outdated.NotAfter <= now ? "Expired" : "Not yet valid"),
            new("root", isTrusted, isTrusted ? "Root trusted" : "Root not trusted"),
        ];
        var problem = errors is SslPolicyErrors.None ? Soon(elements, now)
            : !isTrusted ? TrustProblems.Explain(elements, leaf, material)
            : outdated is not null ? Outdated(outdated, now)
            : !nameMatches ? NameMismatch(elements[0], targetName)
            : Other(chain, status);
        return new ChainVerdict(elements, checks, problem);
    }

    private static Problem? Soon(IReadOnlyList<ChainCertificate> chain, DateTimeOffset now)
    {
        var first = chain.MinBy(certificate => certificate.NotAfter)!;
        var left = ExpiryWarning.Left(first.NotAfter, now);
        return !ExpiryWarning.IsNear(first.NotAfter, now, first.NotBefore) ? null : Problem.Warning(
            "tls-expires-soon", $"The certificate of {first.Title} expires on {Day(first.NotAfter)}, in {left}.",
            "Renew it on the broker before that day; connections fail from then on.") with
        { Summary = $"{first.Title} expires in {left}" };
    }

    private static Problem Outdated(ChainCertificate certificate, DateTimeOffset now)
    {
        var which = certificate.Role is CertificateRole.Server ? "The server's certificate" : $"The CA certificate {certificate.Title}";
        return certificate.NotAfter <= now
            ? new Problem(certificate.Role is CertificateRole.Server ? "tls-expired" : "tls-ca-expired",
                $"{which} expired on {Day(certificate.NotAfter)}.",
                certificate.Role is CertificateRole.Server ? "Renew the certificate on the broker." : "Renew the CA certificate on the broker, or in the config map when it comes from there.")
            { Summary = $"Expired on {Day(certificate.NotAfter)}" }
            : new Problem("tls-not-yet-valid",
                $"{which} is valid only from {Day(certificate.NotBefore)} ({certificate.NotBefore:HH:mm} UTC).",
                "Check the clocks of the broker and of the machine that the portal runs on; if both are right, wait for that day or give the broker a certificate that is valid now.")
            { Summary = $"Valid only from {Day(certificate.NotBefore)}" };
    }

    private static Problem NameMismatch(ChainCertificate server, string targetName)
    {
        var names = server.Names.Count == 0 ? "no name at all (a common name alone does not count)" : string.Join(", ", server.Names.Take(5));
        var isAddress = IPAddress.TryParse(targetName, out _);
        return new Problem(
            "tls-name-mismatch", $"The server's certificate is not for '{targetName}'; it holds {names}.",
            (server.Names.FirstOrDefault(name => !name.Contains('*', StringComparison.Ordinal)) is { } name
                ? $"Write a host that the certificate holds, for example {name}, or "
                : "Write a host that the certificate holds, or ")
            + $"have the certificate issued again with '{targetName}' as {(isAddress ? "IP address" : "DNS name")} in its subject alternative names.")
        { Summary = $"Certificate is for {(server.Names.Count == 0 ? server.Title : server.Names[0])}, not for {targetName}" };
    }

    private static Problem Other(X509Chain chain, X509ChainStatusFlags status)
    {
        var detail = chain.ChainStatus.FirstOrDefault(one => one.Status is not X509ChainStatusFlags.NoError).StatusInformation?.Trim();
        return status switch
        {
            _ when status.HasFlag(X509ChainStatusFlags.NotValidForUsage) => new Problem(
                "tls-wrong-usage", "The certificate is not meant for a server: its extended key usage lacks server authentication.",
                "Have the broker's certificate issued with the extended key usage serverAuth."),
            _ when status.HasFlag(X509ChainStatusFlags.NotSignatureValid) => new Problem(
                "tls-bad-signature", "A signature in the server's chain is wrong: a certificate was changed or not issued by the CA that it names.",
                "Install the certificate and its chain on the broker again."),
            _ when status.HasFlag(X509ChainStatusFlags.HasWeakSignature) => new Problem(
                "tls-weak-signature", "A certificate in the server's chain has a weak signature.", "Have it issued again with SHA-256."),
            _ when status.HasFlag(X509ChainStatusFlags.InvalidBasicConstraints) => new Problem(
                "tls-issuer-not-a-ca", "A certificate in the server's chain was issued by one that is not a CA, or below a CA that allows no more levels.",
                "Check the basic constraints of the CA certificates, and issue the broker's certificate from a CA."),
            _ => new Problem(
                "tls-chain-invalid", $"The server's chain is not valid: {(string.IsNullOrEmpty(detail) ? status.ToString() : detail)}.",
                "Check the certificates of the broker, for example with openssl verify."),
        };
    }

    private static string Day(DateTimeOffset date) => date.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
}
