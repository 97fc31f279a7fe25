using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Sandbox.Identity;

/// <summary>What a broker learns from a token: accepted until a time, or why not.</summary>
internal readonly record struct TokenVerdict(DateTimeOffset Expires, string? Refusal)
{
    public static TokenVerdict Refused(string reason) => new(default, reason);
}

/// <summary>Service account tokens as a cluster projects them: signed JWTs (RFC 7519, ES256) for one audience.</summary>
internal static class ServiceAccountToken
{
    public const string Issuer = "https://kubernetes.default.svc.cluster.local";
    private const string Namespace = "azure-iot-operations";
    private const string ServiceAccount = "portal";
    private const string Algorithm = "ES256";
    public const string Subject = $"system:serviceaccount:{Namespace}:{ServiceAccount}";

    public static string Create(ECDsa key, string audience, DateTimeOffset issued, DateTimeOffset expires)
    {
        var header = new JsonObject { ["alg"] = Algorithm, ["kid"] = KeyId(key), ["typ"] = "JWT" };
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray(audience),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = issued.ToUnixTimeSeconds(),
            ["nbf"] = issued.ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["sub"] = Subject,
            ["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = Namespace,
                ["serviceaccount"] = new JsonObject { ["name"] = ServiceAccount },
            },
        };
        var text = $"{Encode(header)}.{Encode(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Judges a token as a broker does; the reason names what is wrong and never repeats the token.</summary>
    public static TokenVerdict Verify(ReadOnlySpan<byte> token, ECDsa key, string audience, DateTimeOffset now)
    {
        var parts = Encoding.UTF8.GetString(token).Trim().Split('.');
        if (parts.Length != 3)
            return TokenVerdict.Refused("The authentication data is not a service account token (a JWT has three parts).");
        try
        {
            var header = Decode(parts[0]);
            if (Text(header, "alg") != Algorithm || !IsSigned(parts, key))
                return TokenVerdict.Refused("The token was not signed by this cluster.");
            return Judge(Decode(parts[1]), audience, now);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            return TokenVerdict.Refused("The service account token cannot be read: it is not a well-formed JWT.");
        }
    }

    private static TokenVerdict Judge(JsonElement claims, string audience, DateTimeOffset now)
    {
        if (Text(claims, "iss") != Issuer)
            return TokenVerdict.Refused($"The token was not issued by {Issuer}.");
        var audiences = Audiences(claims);
        if (!audiences.Contains(audience))
            return TokenVerdict.Refused($"The token is for the audience {string.Join(", ", audiences)}, but this broker expects {audience}.");
        var expires = DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64());
        if (expires <= now)
            return TokenVerdict.Refused($"The token has expired at {expires:yyyy-MM-ddTHH:mm:ssZ}.");
        return DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("nbf").GetInt64()) > now
            ? TokenVerdict.Refused("The token is not valid yet: check the clocks.")
            : new TokenVerdict(expires, null);
    }

    private static string[] Audiences(JsonElement claims) =>
        !claims.TryGetProperty("aud", out var aud) ? []
        : aud.ValueKind == JsonValueKind.Array ? [.. aud.EnumerateArray().Select(one => one.GetString()!)]
        : [aud.GetString()!];

    private static bool IsSigned(string[] parts, ECDsa key) =>
        key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256);

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static string KeyId(ECDsa key) =>
        Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 12));

    private static string Encode(JsonObject value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    private static JsonElement Decode(string part) => JsonSerializer.Deserialize<JsonElement>(Base64Url.DecodeFromChars(part));
}
