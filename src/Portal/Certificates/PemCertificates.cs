using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Certificates;

/// <summary>What a page shows of one certificate.</summary>
public sealed record CertificateFacts(string Subject, string Issuer, DateTimeOffset NotBefore, DateTimeOffset NotAfter);

/// <summary>Certificates in PEM text.</summary>
public static class PemCertificates
{
    private const string Label = "CERTIFICATE";

    /// <summary>The certificates in their order; a block that is no certificate is left out.</summary>
    public static IReadOnlyList<CertificateFacts> Read(string pem) => [.. Blocks(pem).Select(Facts).OfType<CertificateFacts>()];

    /// <summary>Labels of the PEM blocks in a text, for example <c>CERTIFICATE</c> and <c>PRIVATE KEY</c>.</summary>
    public static IReadOnlyList<string> Labels(string pem) => [.. Fields(pem).Select(field => field.Label)];

    private static IEnumerable<byte[]> Blocks(string pem) =>
        Fields(pem).Where(field => field.Label == Label).Select(field => Convert.FromBase64String(field.Base64));

    private static List<(string Label, string Base64)> Fields(string pem)
    {
        var fields = new List<(string, string)>();
        var rest = pem.AsSpan();
        while (PemEncoding.TryFind(rest, out var found))
        {
            fields.Add((rest[found.Label].ToString(), rest[found.Base64Data].ToString()));
            rest = rest[found.Location.End..];
        }
        return fields;
    }

    private static CertificateFacts? Facts(byte[] der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return new CertificateFacts(ShortName(certificate.SubjectName), ShortName(certificate.IssuerName), certificate.NotBefore, certificate.NotAfter);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // The common name is what people call a certificate; without one the whole name.
    private static string ShortName(X500DistinguishedName name)
    {
        foreach (var part in name.EnumerateRelativeDistinguishedNames())
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.3" && part.GetSingleElementValue() is { Length: > 0 } common)
                return common;
        return name.Name;
    }
}
