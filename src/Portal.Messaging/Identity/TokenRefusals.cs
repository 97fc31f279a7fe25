using System.Globalization;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Identity;

/// <summary>Why a broker does not take a token, from its words and from what the token says of itself. Never the token.</summary>
internal static class TokenRefusals
{
    private const string DefaultSuffix = "/.default";

    /// <summary>The cause when the token shows it; null when the token looks in order.</summary>
    /// <param name="words">What the broker says.</param>
    /// <param name="wanted">Audience that a broker of this kind expects.</param>
    /// <param name="field">What to correct on the form.</param>
    public static Problem? Explain(string? words, BearerToken token, string? wanted, string field, DateTimeOffset now)
    {
        var claims = JsonWebToken.Read(token.Value);
        var expires = token.Expires ?? claims?.Expires;
        if (expires <= now || Says(words, "expired"))
        {
            return new Problem(
                "signin-token-expired",
                string.Create(CultureInfo.InvariantCulture, $"The broker does not accept the token: it has expired{(expires is { } end ? $" ({end:yyyy-MM-dd HH:mm} UTC)" : "")}.{Quoted(words)}"),
                "Check the clocks of the broker and of the machine that the portal runs on, and that the token is renewed: a projected service account token by Kubernetes, an identity's by its endpoint.")
            { Summary = "The token has expired" };
        }
        var audiences = claims?.Audiences ?? [];
        var differs = wanted is not null && audiences.Count > 0 && !audiences.Any(one => Plain(one) == Plain(wanted));
        if (!differs && !Says(words, "audience"))
            return null;
        var held = audiences.Count > 0 ? $"it is for {string.Join(", ", audiences.Select(one => $"'{one}'"))}" : "it is for another audience";
        return new Problem(
            "signin-token-audience", $"The broker does not accept the token: {held}{(wanted is null || !differs ? "" : $", and the broker is expected to want '{wanted}'")}.{Quoted(words)}",
            $"Correct {field}{(wanted is null ? "" : $", for example to {wanted}")}, so that it is the audience that the broker expects.")
        { Summary = "The token is for another audience" };
    }

    private static string Plain(string audience) =>
        (audience.EndsWith(DefaultSuffix, StringComparison.Ordinal) ? audience[..^DefaultSuffix.Length] : audience).TrimEnd('/').ToLowerInvariant();

    private static bool Says(string? words, string word) => words?.Contains(word, StringComparison.OrdinalIgnoreCase) is true;

    private static string Quoted(string? words) => string.IsNullOrWhiteSpace(words) ? "" : $" The broker says: {(words.Length <= 200 ? words : words[..200] + "...")}";
}
