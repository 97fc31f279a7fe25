using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Portal.Sandbox.Identity;

/// <summary>
/// Keeps one token file for each audience fresh, as a cluster does with a projected volume: written whole, readable by
/// its owner alone, renewed after four fifths of its lifetime.
/// </summary>
internal sealed class ServiceAccountTokenIssuer : IDisposable
{
    private const string KeyFile = "token-key.pem";
    private const string TokenFolder = "tokens";
    private const double RenewAt = 0.8;
    private static readonly TimeSpan _checkEvery = TimeSpan.FromSeconds(10);

    private readonly string _folder;
    private readonly TimeSpan _lifetime;
    private readonly TimeProvider _time;
    private readonly ECDsa _key;
    private readonly Lock _signing = new();
    private readonly ConcurrentDictionary<string, TokenFile> _files = new(StringComparer.Ordinal);

    private ServiceAccountTokenIssuer(string folder, TimeSpan lifetime, TimeProvider time, ECDsa key) =>
        (_folder, _lifetime, _time, _key) = (folder, lifetime, time, key);

    private sealed record TokenFile(string Path, DateTimeOffset RenewsAt);

    /// <summary>The audiences asked for so far, each with the path of its token file.</summary>
    public IReadOnlyDictionary<string, string> Files => _files.ToDictionary(file => file.Key, file => file.Value.Path);

    /// <summary>Opens the issuer of a folder; its signing key stays there, so that a restart does not refuse older tokens.</summary>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static ServiceAccountTokenIssuer Open(string folder, TimeSpan lifetime, TimeProvider time)
    {
        var path = Path.Combine(folder, KeyFile);
        var pem = PrivateFile.ReadOrCreate(path, CreateKeyPem);
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            PrivateFile.Replace(path, CreateKeyPem());
            key.ImportFromPem(File.ReadAllText(path));
        }

        PrivateFile.CreateFolder(Path.Combine(folder, TokenFolder));
        return new ServiceAccountTokenIssuer(folder, lifetime, time, key);
    }

    /// <summary>The path of the token file for an audience. The first call writes it, from then on it is kept fresh.</summary>
    public string TokenFileFor(string audience) =>
        _files.GetOrAdd(audience, static (name, issuer) => issuer.Write(name), this).Path;

    /// <summary>Renews token files until cancelled.</summary>
    public async Task RunAsync(ILogger logger, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_checkEvery, _time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var (audience, file) in _files.Where(file => file.Value.RenewsAt <= _time.GetUtcNow()))
            {
                try
                {
                    _files[audience] = Write(audience);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    Log.TokenNotRenewed(logger, audience, file.Path, e);
                }
            }
        }
    }

    public void Dispose() => _key.Dispose();

    public string CreateToken(string audience, TimeSpan? lifetime = null)
    {
        var now = _time.GetUtcNow();
        lock (_signing)
            return ServiceAccountToken.Create(_key, audience, now, now + (lifetime ?? _lifetime));
    }

    public TokenVerdict Verify(ReadOnlySpan<byte> token, string audience)
    {
        lock (_signing)
            return ServiceAccountToken.Verify(token, _key, audience, _time.GetUtcNow());
    }

    private TokenFile Write(string audience)
    {
        var path = Path.Combine(_folder, TokenFolder, FileName(audience));
        PrivateFile.Replace(path, CreateToken(audience));
        return new TokenFile(path, _time.GetUtcNow() + (_lifetime * RenewAt));
    }

    // An audience may be a URL; two of them must never share a file.
    private static string FileName(string audience)
    {
        var plain = string.Concat(audience.Take(60).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
        return plain == audience && plain.Trim('.').Length > 0
            ? plain
            : $"{plain}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(audience)).AsSpan(0, 6))}";
    }

    private static string CreateKeyPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKeyPem() + "\n";
    }
}
