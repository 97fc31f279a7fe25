using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;
using Portal.Sandbox.Identity;
using Portal.Tests.Shared;

namespace Portal.Sandbox.Tests;

public sealed class SandboxCertificateAuthorityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_restart_keeps_the_authority_and_its_public_part_lies_beside_it()
    {
        var first = SandboxCertificateAuthority.Open(_folder.Path, _time).CertificatePem;

        Assert.Equal(first, SandboxCertificateAuthority.Open(_folder.Path, _time).CertificatePem);
        Assert.Equal(first, File.ReadAllText(_folder.Combine("ca.crt")));
        Assert.DoesNotContain("PRIVATE", first);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.Combine("ca-with-key.pem")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB")]
    public void A_damaged_authority_is_replaced(string damaged)
    {
        _folder.Write("ca-with-key.pem", damaged);

        var replaced = SandboxCertificateAuthority.Open(_folder.Path, _time).CertificatePem;
        Assert.Equal(replaced, SandboxCertificateAuthority.Open(_folder.Path, _time).CertificatePem);
    }

    [Fact]
    public void An_authority_near_its_end_is_replaced()
    {
        var old = SandboxCertificateAuthority.Open(_folder.Path, _time).CertificatePem;
        _time.Advance(TimeSpan.FromDays((365 * 10) - 60));

        Assert.NotEqual(old, SandboxCertificateAuthority.Open(_folder.Path, _time).CertificatePem);
    }

    [Fact]
    public void A_server_certificate_chains_to_the_authority_alone()
    {
        var authority = SandboxCertificateAuthority.Open(_folder.Path, _time);
        using var server = authority.IssueServerCertificate(["aio-broker", "127.0.0.1"], _time);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(authority.CertificatePem));

        Assert.True(chain.Build(server), string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
        Assert.True(server.MatchesHostname("aio-broker"));
        Assert.True(server.MatchesHostname("127.0.0.1"));
        Assert.False(server.MatchesHostname("localhost"));
    }
}
