using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Portal.Messaging.Identity;

/// <summary>What the portal reads of a token, unverified: when it expires and for whom it is.</summary>
internal sealed record JsonWebToken(DateTimeOffset? Expires, IReadOnlyList<string> Audiences)
{
    /// <summary>Reads the claims of a signed token; null when it is none.</summary>
    public static JsonWebToken? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3 || !Base64Url.IsValid(parts[1]))
            return null;
        try
        {
            using var claims = JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])));
            if (claims.RootElement.ValueKind is not JsonValueKind.Object)
                return null;
            return new JsonWebToken(ExpiryOf(claims.RootElement), AudiencesOf(claims.RootElement));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static DateTimeOffset? ExpiryOf(JsonElement claims) =>
        claims.TryGetProperty("exp", out var exp) && exp.ValueKind is JsonValueKind.Number && exp.TryGetDouble(out var seconds) && seconds is > 0 and < 253402300800
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;

    private static IReadOnlyList<string> AudiencesOf(JsonElement claims) => !claims.TryGetProperty("aud", out var audience) ? []
        : audience.ValueKind is JsonValueKind.String ? [audience.GetString()!]
        : audience.ValueKind is JsonValueKind.Array ? [.. audience.EnumerateArray().Where(one => one.ValueKind is JsonValueKind.String).Select(one => one.GetString()!)]
        : [];
}
