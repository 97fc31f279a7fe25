using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Messaging.Tests.Support;

/// <summary>Unsigned tokens in the form of service account tokens.</summary>
internal static class TestTokens
{
    public static string Create(string audience, TimeSpan validFor, string? id = null)
    {
        var claims = new JsonObject { ["aud"] = new JsonArray(audience), ["exp"] = (TimeProvider.System.GetUtcNow() + validFor).ToUnixTimeSeconds(), ["jti"] = id };
        return $"{Part("""{"alg":"none"}""")}.{Part(claims.ToJsonString())}.c2lnbmF0dXJl";
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
