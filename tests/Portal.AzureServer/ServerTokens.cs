using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Core;

namespace Portal.AzureServer;

/// <summary>Issues and checks bearer tokens: signature, audience and expiry.</summary>
public sealed class ServerTokens
{
    public const string Tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    /// <summary>Object id of the one who signs in.</summary>
    public const string ObjectId = "0f4f3bd1-5b0d-4a8e-9d4f-6a1c7a3f2b10";

    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The clock of the server, by which tokens expire.</summary>
    public Func<DateTimeOffset> Now { get; set; } = TimeProvider.System.GetUtcNow;

    public string Issue(string audience, DateTimeOffset notBefore, DateTimeOffset expires)
    {
        var claims = new JsonObject { ["aud"] = audience, ["oid"] = ObjectId, ["tid"] = Tenant, ["nbf"] = notBefore.ToUnixTimeSeconds(), ["exp"] = expires.ToUnixTimeSeconds() };
        var text = Encode("""{"alg":"HS256","typ":"JWT"}""") + "." + Encode(claims.ToJsonString());
        return text + "." + Sign(text);
    }

    /// <summary>What is wrong with the sign-in of a request; null = nothing.</summary>
    internal string? Problem(ServerCall call, string audience)
    {
        if (call.Header("Authorization") is not { } header || !header.StartsWith("Bearer ", StringComparison.Ordinal))
            return "Authentication failed. The 'Authorization' header is missing.";
        var token = header["Bearer ".Length..];
        var signed = token.LastIndexOf('.');
        if (signed < 0 || Sign(token[..signed]) != token[(signed + 1)..])
            return "The access token is invalid.";
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]))!;
        if (((string)claims["aud"]!).TrimEnd('/') != audience)
            return $"The access token has been obtained for wrong audience or resource '{claims["aud"]}'. It should exactly match with one of the allowed audiences '{audience}/','{audience}'.";
        return Now().ToUnixTimeSeconds() >= (long)claims["exp"]!
            ? string.Create(CultureInfo.InvariantCulture, $"The access token expiry UTC time '{DateTimeOffset.FromUnixTimeSeconds((long)claims["exp"]!):G}' is earlier than current UTC time '{Now():G}'.")
            : null;
    }

    private string Sign(string text) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}

/// <summary>Signs in at a <see cref="ServerTokens"/>. Like the credentials of the field it keeps a token until it expires by its own clock, unless claims are asked for.</summary>
public sealed class TestCredential(ServerTokens tokens) : TokenCredential
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, AccessToken> kept = [];
    private int issued;

    /// <summary>How long new tokens live.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The clock of the machine that signs in.</summary>
    public Func<DateTimeOffset> Now { get; set; } = TimeProvider.System.GetUtcNow;

    /// <summary>Makes the next sign-ins fail.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Tokens given out so far that were new.</summary>
    public int Issued => issued;

    /// <summary>True to say that the token lives on, whatever the server thinks of it.</summary>
    public bool BelievesItForAnHour { get; set; }

    /// <summary>Leaves every token that it has.</summary>
    public void Forget()
    {
        lock (gate)
            kept.Clear();
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (Failure is { } failure)
            throw failure;
        var audience = requestContext.Scopes[0].Replace("/.default", "", StringComparison.Ordinal);
        lock (gate)
        {
            if (requestContext.Claims is null && kept.TryGetValue(audience, out var token) && token.ExpiresOn > Now())
                return token;
            issued++;
            var (from, to) = (tokens.Now(), tokens.Now() + Lifetime);
            return kept[audience] = new AccessToken(tokens.Issue(audience, from, to), BelievesItForAnHour ? Now().AddHours(1) : to);
        }
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
