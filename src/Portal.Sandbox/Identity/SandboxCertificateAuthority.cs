using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Sandbox.Identity;

/// <summary>
/// The sandbox's own certificate authority. It is kept in a folder, so that a restart keeps it and what trusted it once
/// still does.
/// </summary>
internal sealed class SandboxCertificateAuthority
{
    private const string KeptFile = "ca-with-key.pem";
    private const string PublicFile = "ca.crt";
    private const int ValidYears = 10;
    private static readonly TimeSpan _renewBeforeExpiry = TimeSpan.FromDays(90);
    private static readonly TimeSpan _clockTolerance = TimeSpan.FromHours(1);

    private readonly X509Certificate2 _certificate;

    private SandboxCertificateAuthority(X509Certificate2 certificate) => _certificate = certificate;

    /// <summary>The certificate alone, as PEM: what a client has to trust.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem() + "\n";

    /// <summary>Opens the authority of a folder or makes a new one, also in place of one that is damaged or near its end.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static SandboxCertificateAuthority Open(string folder, TimeProvider time)
    {
        var path = Path.Combine(folder, KeptFile);
        var now = time.GetUtcNow();
        var kept = TryLoad(PrivateFile.ReadOrCreate(path, () => CreatePem(now)));
        if (kept is null || kept.NotAfter.ToUniversalTime() < now + _renewBeforeExpiry)
        {
            PrivateFile.Replace(path, CreatePem(now));
            kept = TryLoad(File.ReadAllText(path))!;
        }

        var authority = new SandboxCertificateAuthority(kept);
        File.WriteAllText(Path.Combine(folder, PublicFile), authority.CertificatePem);
        return authority;
    }

    /// <summary>A server certificate with its key, for these names and addresses.</summary>
    public X509Certificate2 IssueServerCertificate(IReadOnlyList<string> names, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, true, false));
        using var issued = request.Create(
            _certificate, time.GetUtcNow() - _clockTolerance, _certificate.NotAfter, RandomNumberGenerator.GetBytes(16));
        var withKey = issued.CopyWithPrivateKey(key);
        if (!OperatingSystem.IsWindows())
            return withKey;

        // Windows serves TLS only with a key that went through a PKCS #12 import.
        using (withKey)
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2? TryLoad(string pem)
    {
        try
        {
            return X509Certificate2.CreateFromPem(pem, pem);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string CreatePem(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Portal sandbox CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now - _clockTolerance - _clockTolerance, now.AddYears(ValidYears));
        return $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n";
    }
}
