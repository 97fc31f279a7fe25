using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Support;

/// <summary>Server certificates that a proper authority would not issue.</summary>
internal static class SpecialCertificates
{
    /// <summary>Signed by itself alone.</summary>
    public static TestCertificate SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        return new TestCertificate(Request(name, key).CreateSelfSigned(now.AddHours(-1), now.AddDays(90)), "");
    }

    /// <summary>Valid now, from an authority that is not.</summary>
    public static TestCertificate OutlivingItsIssuer(TestAuthority issuer, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issuerKey = issuer.Certificate.GetECDsaPrivateKey()!;
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = Request(name, key).Create(
            issuer.Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), now.AddHours(-1), now.AddDays(90), RandomNumberGenerator.GetBytes(8));
        return new TestCertificate(certificate.CopyWithPrivateKey(key), issuer.IntermediatesPem);
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }
}
