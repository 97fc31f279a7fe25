using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Network;

/// <summary>Reads the certificates of a chain into what people and reports see of them.</summary>
internal static class ChainReader
{
    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>From the server's certificate upward; what was received but leads nowhere comes last.</summary>
    public static IReadOnlyList<ChainCertificate> Read(X509Certificate2 leaf, X509Chain chain, ConnectionMaterial material)
    {
        var received = chain.ChainPolicy.ExtraStore.Select(certificate => certificate.Thumbprint).Append(leaf.Thumbprint).ToHashSet();
        var isRootTrusted = chain.ChainStatus.All(one => (one.Status & (X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain)) == 0);
        var inChain = chain.ChainElements.Select(element => element.Certificate).ToList();
        if (inChain.Count == 0)
            inChain.Add(leaf);
        var spare = chain.ChainPolicy.ExtraStore.Where(certificate => inChain.All(other => other.Thumbprint != certificate.Thumbprint));
        return [.. inChain.Concat(spare).Select((certificate, index) => Read(certificate, index == 0, received.Contains(certificate.Thumbprint), IsTrusted(certificate)))];

        bool IsTrusted(X509Certificate2 certificate) =>
            IsSelfSigned(certificate) && (material.TrustedCas is { } cas ? cas.Any(ca => ca.Thumbprint == certificate.Thumbprint) : isRootTrusted);
    }

    public static bool IsSelfSigned(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static ChainCertificate Read(X509Certificate2 certificate, bool isServer, bool wasReceived, bool isTrusted) => new(
        isServer ? CertificateRole.Server : IsSelfSigned(certificate) ? CertificateRole.Root : CertificateRole.Intermediate,
        wasReceived,
        isTrusted,
        certificate.Subject,
        certificate.Issuer,
        Names(certificate),
        new DateTimeOffset(certificate.NotBefore),
        new DateTimeOffset(certificate.NotAfter),
        Key(certificate),
        certificate.SignatureAlgorithm.FriendlyName ?? certificate.SignatureAlgorithm.Value ?? "",
        certificate.GetCertHashString(HashAlgorithmName.SHA256),
        certificate.ExportCertificatePem());

    private static IReadOnlyList<string> Names(X509Certificate2 certificate)
    {
        var extension = certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == SubjectAlternativeName);
        if (extension is null)
            return [];
        try
        {
            var names = new X509SubjectAlternativeNameExtension(extension.RawData, extension.Critical);
            return [.. names.EnumerateDnsNames(), .. names.EnumerateIPAddresses().Select(address => address.ToString())];
        }
        catch (CryptographicException)
        {
            return ["(unreadable)"];
        }
    }

    private static string Key(X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPublicKey();
        if (rsa is not null)
            return $"RSA {rsa.KeySize}";
        using var ec = certificate.GetECDsaPublicKey();
        return ec is not null ? $"EC P-{ec.KeySize}" : certificate.PublicKey.Oid.FriendlyName ?? certificate.PublicKey.Oid.Value ?? "";
    }
}
