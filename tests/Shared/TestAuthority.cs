using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Tests.Shared;

/// <summary>From when to when a certificate holds, relative to now.</summary>
public sealed record Validity(TimeSpan From, TimeSpan To)
{
    public static Validity Now { get; } = new(TimeSpan.FromHours(-1), TimeSpan.FromDays(30));

    public static Validity Over { get; } = new(TimeSpan.FromDays(-30), TimeSpan.FromDays(-1));

    public static Validity NotYet { get; } = new(TimeSpan.FromDays(2), TimeSpan.FromDays(30));

    internal static Validity Authority { get; } = new(TimeSpan.FromDays(-365), TimeSpan.FromDays(3650));
}

/// <summary>A certificate authority made in memory (ECDSA P-256), root or intermediate.</summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly TestAuthority? _parent;

    private TestAuthority(X509Certificate2 certificate, TestAuthority? parent)
    {
        Certificate = certificate;
        _parent = parent;
    }

    public X509Certificate2 Certificate { get; }

    public string CertificatePem => Certificate.ExportCertificatePem() + "\n";

    /// <summary>This authority and those above it, the root last.</summary>
    public string ChainPem => CertificatePem + _parent?.ChainPem;

    /// <summary>The intermediates from this one upward, without the root; empty for a root.</summary>
    public string IntermediatesPem => _parent is null ? "" : CertificatePem + _parent.IntermediatesPem;

    public static TestAuthority CreateRoot(string name = "Test Root CA", Validity? validity = null)
    {
        using var key = NewKey();
        var request = AuthorityRequest(name, key, pathLength: 1);
        var (from, to) = Period(validity ?? Validity.Authority);
        return new TestAuthority(request.CreateSelfSigned(from, to), parent: null);
    }

    public TestAuthority CreateIntermediate(string name = "Test Intermediate CA", Validity? validity = null)
    {
        using var key = NewKey();
        return new TestAuthority(Issue(AuthorityRequest(name, key, pathLength: 0), key, validity ?? Validity.Authority), this);
    }

    /// <summary>A server certificate for the names (DNS names or IP addresses); without any, for localhost and the loopback addresses.</summary>
    public TestCertificate CreateServer(Validity? validity = null, params string[] names)
    {
        names = names is [] ? ["localhost", "127.0.0.1", "::1"] : names;
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }

        return CreateLeaf(names[0], ServerAuthentication, validity, alternatives.Build());
    }

    public TestCertificate CreateClient(string commonName, Validity? validity = null) =>
        CreateLeaf(commonName, ClientAuthentication, validity, alternatives: null);

    public void Dispose() => Certificate.Dispose();

    private TestCertificate CreateLeaf(string commonName, Oid usage, Validity? validity, X509Extension? alternatives)
    {
        using var key = NewKey();
        var request = Request(commonName, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([usage], critical: false));
        if (alternatives is not null)
            request.CertificateExtensions.Add(alternatives);
        return new TestCertificate(Issue(request, key, validity ?? Validity.Now), IntermediatesPem);
    }

    private X509Certificate2 Issue(CertificateRequest request, ECDsa key, Validity validity)
    {
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var (from, to) = Period(validity);
        // An issuer made a second ago ends a second sooner than what would be as long as it.
        to = to < Certificate.NotAfter ? to : Certificate.NotAfter;
        using var issued = request.Create(Certificate, from, to, RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }

    private static CertificateRequest AuthorityRequest(string name, ECDsa key, int pathLength)
    {
        var request = Request(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, pathLength, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        return request;
    }

    private static CertificateRequest Request(string commonName, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static (DateTimeOffset From, DateTimeOffset To) Period(Validity validity)
    {
        var now = TimeProvider.System.GetUtcNow();
        return (now + validity.From, now + validity.To);
    }
}
