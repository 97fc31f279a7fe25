using System.Security.Cryptography.X509Certificates;

namespace Portal.Tests.Shared;

/// <summary>A server or client certificate with its key, as object and as PEM text.</summary>
public sealed class TestCertificate(X509Certificate2 certificate, string intermediatesPem) : IDisposable
{
    public X509Certificate2 Certificate { get; } = certificate;

    public string CertificatePem { get; } = certificate.ExportCertificatePem() + "\n";

    /// <summary>The private key as PKCS#8.</summary>
    public string KeyPem { get; } = Key(certificate);

    /// <summary>The authorities between this certificate and the root; empty when the root issued it.</summary>
    public string IntermediatesPem { get; } = intermediatesPem;

    /// <summary>What a server or client sends: the certificate and the intermediates.</summary>
    public string ChainPem => CertificatePem + IntermediatesPem;

    public void Dispose() => Certificate.Dispose();

    private static string Key(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey();
        return key!.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
