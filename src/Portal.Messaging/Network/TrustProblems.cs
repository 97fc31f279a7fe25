using System.Security.Cryptography.X509Certificates;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Network;

/// <summary>Why a chain does not end at a trusted root: another root, or a gap.</summary>
internal static class TrustProblems
{
    private static readonly string[] _wordsOfIntermediates = ["intermediate", "issuing", "sub ca", "subca", "subordinate", "signing"];

    public static Problem Explain(IReadOnlyList<ChainCertificate> chain, X509Certificate2 leaf, ConnectionMaterial material)
    {
        var linked = Linked(chain);
        var last = linked[^1];
        if (last.IsSelfSigned)
            return last.Role is CertificateRole.Server ? SelfSigned(material) : OtherRoot(last, material);
        var issuer = ChainCertificate.TitleOf(last.Issuer);
        if (material.TrustedCas?.FirstOrDefault(ca => ca.Subject == last.Issuer) is not null)
            return SameNameOtherKey(last, issuer, material);
        return linked.Count == 1 && IssuerIsIntermediate(leaf, issuer, material) ? Gap(last, issuer, material) : Unknown(last, issuer, material);
    }

    /// <summary>The part of the chain in which each certificate issued the one before.</summary>
    private static List<ChainCertificate> Linked(IReadOnlyList<ChainCertificate> chain)
    {
        var linked = new List<ChainCertificate> { chain[0] };
        while (!linked[^1].IsSelfSigned && chain.FirstOrDefault(next => next.Subject == linked[^1].Issuer && !linked.Contains(next)) is { } next)
            linked.Add(next);
        return linked;
    }

    // A lone certificate does not say whether its issuer is a root. The key identifier sometimes names the issuer's issuer,
    // public roots are known to the system, and people name their CAs for what they are.
    private static bool IssuerIsIntermediate(X509Certificate2 leaf, string issuer, ConnectionMaterial material)
    {
        var identifier = leaf.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault();
        if (identifier?.NamedIssuer is { } issuersIssuer)
            return issuersIssuer.Name != leaf.Issuer;
        return _wordsOfIntermediates.Any(word => issuer.Contains(word, StringComparison.OrdinalIgnoreCase))
            || (material.TrustedCas is null && leaf.Extensions.OfType<X509AuthorityInformationAccessExtension>().Any());
    }

    private static Problem SelfSigned(ConnectionMaterial material) => new(
        "tls-untrusted-root", $"The server's certificate is signed by itself, and {Trust(material)} does not hold it.",
        "If its fingerprint is the one that the broker's owner tells you, trust this certificate as CA, or give the broker a certificate from your CA.")
    { Summary = "The certificate is self-signed and not trusted" };

    private static Problem OtherRoot(ChainCertificate root, ConnectionMaterial material) => new(
        "tls-untrusted-root", $"The server's certificate leads to the root '{root.Title}', which this endpoint does not trust; {Holds(material)}.",
        $"If the fingerprint {Short(root.Sha256)} is the one that your PKI team published, trust this CA: its PEM goes into a config map that Trusted CA certificate config map names.")
    { Summary = "The chain ends at an untrusted root" };

    private static Problem SameNameOtherKey(ChainCertificate last, string issuer, ConnectionMaterial material) => new(
        "tls-untrusted-root", $"The server's certificate was issued by a CA named '{issuer}', but {Trust(material)} holds a CA of that name with another key: the CA was renewed, or it is another one.",
        $"Get the present certificate of the CA '{issuer}' from the broker's owner and put it into the config map beside the old one.")
    { Summary = $"CA '{issuer}' has another key than the trusted one" };

    private static Problem Gap(ChainCertificate last, string issuer, ConnectionMaterial material) => new(
        "tls-missing-intermediate", $"The server sends its own certificate alone; the intermediate CA '{issuer}' that issued it is missing, so the chain reaches no trusted root ({Holds(material)}).",
        $"Let the broker send its whole chain: append the certificate of '{issuer}' to its certificate file (for mosquitto the certfile). As a stopgap add it to the config map beside its root.")
    { Summary = $"Intermediate CA '{issuer}' is missing" };

    private static Problem Unknown(ChainCertificate last, string issuer, ConnectionMaterial material) => new(
        "tls-untrusted-root", $"The chain ends at the issuer '{issuer}', which the server did not send and this endpoint does not trust; {Holds(material)}.",
        $"Put the certificate of the CA '{issuer}' as PEM into a config map and name it in Trusted CA certificate config map. If '{issuer}' is an intermediate CA, let the broker send it and trust its root.")
    { Summary = $"Issuer '{issuer}' is not trusted" };

    private static string Trust(ConnectionMaterial material) =>
        material.TrustedCas is null ? "the system's list of roots" : $"the config map '{material.TrustedCasName}'";

    private static string Holds(ConnectionMaterial material) =>
        material.TrustedCas is not { } cas ? "no config map is set, so only the system's public roots count"
        : $"the config map '{material.TrustedCasName}' holds {string.Join(", ", cas.Take(4).Select(ca => $"'{ChainCertificate.TitleOf(ca.Subject)}'"))}{(cas.Count > 4 ? $" and {cas.Count - 4} more" : " only")}";

    private static string Short(string fingerprint) => $"{fingerprint[..8]}...{fingerprint[^8..]}";
}
