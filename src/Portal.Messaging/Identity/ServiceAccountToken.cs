using System.Globalization;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Identity;

/// <summary>The token in the file of one audience. Kubernetes renews the file, so it is read for every sign-in.</summary>
internal sealed class ServiceAccountToken(IServiceAccountTokens files, string audience, TimeProvider clock) : ITokenSource
{
    public string Audience => audience;

    public async Task<BearerToken> GetAsync(CancellationToken cancellationToken = default)
    {
        var (path, reason) = files.FileFor(audience);
        if (path is null)
            throw Missing(reason ?? $"There is no service account token for the audience '{audience}'.");
        string text;
        try
        {
            text = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Missing(e is FileNotFoundException or DirectoryNotFoundException
                ? $"The file {path} with the service account token does not exist."
                : $"The file {path} with the service account token cannot be read: {e.Message}");
        }
        if (text.Length == 0)
            throw Missing($"The file {path} with the service account token is empty.");
        var expires = JsonWebToken.Read(text)?.Expires;
        return expires <= clock.GetUtcNow()
            ? throw new ConnectionException(new Problem(
                "token-expired", string.Create(CultureInfo.InvariantCulture, $"The service account token in {path} expired at {expires:yyyy-MM-dd HH:mm} UTC."),
                "Kubernetes renews projected tokens by itself: check that the file is mounted from a projected volume, not copied, and that the clock is right."))
            : new BearerToken(text, expires);
    }

    /// <summary>A warning when the token is for other audiences; null when it fits or does not say.</summary>
    public Problem? CheckAudience(BearerToken token)
    {
        var audiences = JsonWebToken.Read(token.Value)?.Audiences ?? [];
        return audiences.Count == 0 || audiences.Contains(audience) ? null : Problem.Warning(
            "token-audience", $"The service account token is for the audience {string.Join(", ", audiences.Select(one => $"'{one}'"))}, not for '{audience}'.",
            $"Project a token with the audience '{audience}' for the portal, or write the audience that the broker expects, for example aio-internal.");
    }

    private static ConnectionException Missing(string explanation) => new(new Problem(
        "token-missing", explanation,
        "Mount a projected service account token into the portal and set Portal:Identity:ServiceAccountTokenFile to its file, for example /var/run/secrets/tokens/broker-sat."));
}
