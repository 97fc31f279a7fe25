using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Network;

/// <summary>Place of a certificate in a chain.</summary>
internal enum CertificateRole { Server, Intermediate, Root }

/// <summary>One certificate of the server's chain: as received, or found among the trusted ones.</summary>
/// <param name="WasReceived">False when it was not sent but found in the config map or the system.</param>
/// <param name="IsTrusted">True for a root that the endpoint trusts.</param>
internal sealed record ChainCertificate(
    CertificateRole Role, bool WasReceived, bool IsTrusted, string Subject, string Issuer, IReadOnlyList<string> Names,
    DateTimeOffset NotBefore, DateTimeOffset NotAfter, string Key, string Signature, string Sha256, string Pem)
{
    public bool IsSelfSigned => Subject == Issuer;

    public bool IsAuthority => Role is not CertificateRole.Server || IsSelfSigned;

    /// <summary>Common name, or the whole subject without one.</summary>
    public string Title => TitleOf(Subject);

    public static string TitleOf(string distinguishedName)
    {
        var name = new X500DistinguishedName(distinguishedName);
        foreach (var part in name.EnumerateRelativeDistinguishedNames())
        {
            if (!part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.3" && part.GetSingleElementValue() is { Length: > 0 } commonName)
                return commonName;
        }
        return distinguishedName.Length > 0 ? distinguishedName : "(no subject)";
    }
}

/// <summary>One thing that was checked of the server's certificate: protocol, name, expiry, root.</summary>
internal sealed record TlsCheck(string Name, bool IsGood, string Text);

/// <summary>What a TLS handshake found. The stream is there when the handshake was completed, also when the chain is not trusted.</summary>
internal sealed record TlsResult(SslStream? Stream, Problem? Problem)
{
    /// <summary>For example <c>TLS 1.3</c>; null when it did not come so far.</summary>
    public string? Protocol { get; init; }

    public string? Cipher { get; init; }

    public IReadOnlyList<ChainCertificate> Chain { get; init; } = [];

    public IReadOnlyList<TlsCheck> Checks { get; init; } = [];

    /// <summary>True when the server asked for a client certificate; null when that is not known.</summary>
    public bool? ClientCertificateRequested { get; init; }
}
