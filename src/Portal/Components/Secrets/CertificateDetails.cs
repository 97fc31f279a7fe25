using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Components.Secrets;

/// <summary>What the page shows of one certificate of a config map.</summary>
/// <param name="File">File of the config map.</param>
/// <param name="CommonName">Common name, or the whole subject when it has none.</param>
/// <param name="Subject">Whole subject.</param>
/// <param name="Issuer">Whole issuer.</param>
/// <param name="Names">Names that it is good for; none for most CAs.</param>
/// <param name="Sha256">Fingerprint in pairs of digits.</param>
/// <param name="Pem">The certificate alone, as PEM.</param>
public sealed record CertificateDetails(
    string File, string CommonName, string Subject, string Issuer, IReadOnlyList<string> Names, DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Sha256, string Pem)
{
    public bool IsSelfSigned => Subject == Issuer;

    /// <summary>The certificates of a bundle in their order; a block that is none is left out.</summary>
    public static IEnumerable<CertificateDetails> Read(string file, string pem)
    {
        var found = new List<CertificateDetails>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var block))
        {
            if (rest[block.Label] is "CERTIFICATE" && Of(file, rest[block.Base64Data].ToString()) is { } details)
                found.Add(details);
            rest = rest[block.Location.End..];
        }
        return found;
    }

    private static CertificateDetails? Of(string file, string base64)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(base64));
            return new CertificateDetails(
                file, certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } name ? name : certificate.Subject,
                certificate.Subject, certificate.Issuer, NamesOf(certificate), certificate.NotBefore, certificate.NotAfter,
                string.Join(':', certificate.GetCertHash(HashAlgorithmName.SHA256).Select(part => part.ToString("X2", System.Globalization.CultureInfo.InvariantCulture))),
                certificate.ExportCertificatePem() + "\n");
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static List<string> NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().ToList();
        return [.. names.SelectMany(extension => extension.EnumerateDnsNames()), .. names.SelectMany(extension => extension.EnumerateIPAddresses()).Select(address => address.ToString())];
    }
}
