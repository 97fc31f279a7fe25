using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Components.Testing;

/// <summary>What people compare before they trust a CA.</summary>
internal static class CaFingerprint
{
    /// <summary>File of a config map that holds the certificates.</summary>
    public const string File = "ca.crt";

    /// <summary>SHA-256 of a certificate in groups of four.</summary>
    public static string Of(string pem)
    {
        using var certificate = X509Certificate2.CreateFromPem(pem);
        return Grouped(certificate.GetCertHashString(HashAlgorithmName.SHA256));
    }

    public static string Grouped(string hex) => string.Join(' ', hex.Replace(":", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Chunk(4).Select(group => new string(group)));
}
