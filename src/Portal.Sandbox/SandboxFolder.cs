using Portal.Sandbox.Identity;
using Portal.Sandbox.Mqtt;

namespace Portal.Sandbox;

/// <summary>The folder with the sandbox's authority and tokens; a temporary one where the chosen one cannot be written.</summary>
internal sealed class SandboxFolder : IDisposable
{
    private string? _temporary;
    private SandboxCertificateAuthority? _authority;
    private ServiceAccountTokenIssuer? _tokens;

    public SandboxCertificateAuthority Authority => _authority ?? throw NotOpen();

    public ServiceAccountTokenIssuer Tokens => _tokens ?? throw NotOpen();

    /// <summary>Says that the sandbox had to go elsewhere, and why.</summary>
    public string? Notice { get; private set; }

    public void Open(SandboxOptions options, TimeProvider time)
    {
        try
        {
            OpenIn(options.Directory, options, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _temporary = Directory.CreateTempSubdirectory("portal-sandbox-").FullName;
            Notice = $"The sandbox cannot write its folder {options.Directory}: {e.Message} "
                + "It uses a temporary one, so its certificate authority changes at the next start. "
                + "Make the data folder writable for the user who runs the portal, or choose another one with Portal:DataDirectory.";
            OpenIn(_temporary, options, time);
        }
    }

    public void Dispose()
    {
        _tokens?.Dispose();
        if (_temporary is not null && Directory.Exists(_temporary))
            Directory.Delete(_temporary, recursive: true);
    }

    private void OpenIn(string folder, SandboxOptions options, TimeProvider time)
    {
        PrivateFile.CreateFolder(folder);
        _authority = SandboxCertificateAuthority.Open(folder, time);
        _tokens = ServiceAccountTokenIssuer.Open(folder, options.TokenLifetime, time);
        _tokens.TokenFileFor(TokenSignIn.Audience);
    }

    private static InvalidOperationException NotOpen() => new("The sandbox's folder was not opened yet.");
}
