using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Support;

/// <summary>Certificates that a proper authority would not issue.</summary>
internal static class SpecialCertificates
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Signed by itself alone.</summary>
    public static TestCertificate SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new TestCertificate(Request(name, key).CreateSelfSigned(now.AddHours(-1), now.AddDays(90)), "");
    }

    /// <summary>Valid now, from an authority that is not.</summary>
    public static TestCertificate OutlivingItsIssuer(TestAuthority issuer, string name) => Sign(name, issuer.Certificate.SubjectName, issuer.Certificate, issuer.IntermediatesPem);

    /// <summary>Issued by a certificate that is not that of an authority.</summary>
    public static TestCertificate IssuedBy(TestCertificate server, string name) => Sign(name, server.Certificate.SubjectName, server.Certificate, server.CertificatePem);

    /// <summary>Names an authority as its issuer, but another key signed it.</summary>
    public static TestCertificate WithOtherSignature(TestAuthority named, TestAuthority signer, string name) => Sign(name, named.Certificate.SubjectName, signer.Certificate, "");

    /// <summary>Stores a client certificate with an RSA key of so many bits, signed by itself.</summary>
    public static Authentication AddClient(FakeSecrets secrets, int bits)
    {
        using var key = RSA.Create(bits);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=weak-client", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddHours(-1), now.AddDays(90));
        secrets.Add(ProbeFixture.SecretName, "client_cert.pem", certificate.ExportCertificatePem()).Add(ProbeFixture.SecretName, "client_key.pem", key.ExportPkcs8PrivateKeyPem());
        return new Authentication.X509Certificate(ProbeFixture.SecretName);
    }

    private static TestCertificate Sign(string name, X500DistinguishedName issuer, X509Certificate2 signer, string intermediatesPem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var signingKey = signer.GetECDsaPrivateKey()!;
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = Request(name, key).Create(issuer, X509SignatureGenerator.CreateForECDsa(signingKey), now.AddHours(-1), now.AddDays(90), RandomNumberGenerator.GetBytes(8));
        return new TestCertificate(certificate.CopyWithPrivateKey(key), intermediatesPem);
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerAuthentication)], critical: false));
        return request;
    }
}
