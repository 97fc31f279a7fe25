using System.Text;
using System.Text.Json.Nodes;

namespace Portal.Messaging.Tests.Support;

/// <summary>
/// The identity endpoint of an Azure machine on loopback, for the whole test process: it gives a token for each resource, and
/// fails as the resource's name says. Its address is in the environment, as on such a machine.
/// </summary>
internal static class IdentityEndpoint
{
    private const string Header = "identity-header-of-the-test";
    private static readonly Lazy<RawServer> _server = new(Start);

    /// <summary>Call before an endpoint with a managed identity is used.</summary>
    public static void EnsureStarted() => _ = _server.Value;

    /// <summary>How long a token for a resource named so holds: short enough that nobody keeps it, long enough that it is used.</summary>
    public const string ShortLived = "short-lived";
    private static readonly TimeSpan _shortLife = TimeSpan.FromSeconds(6);
    private static int _count;

    /// <summary>The token that it gives for a resource.</summary>
    public static string TokenFor(string resource) => TestTokens.Create(
        resource.Contains("wrong-audience", StringComparison.Ordinal) ? "https://vault.azure.net" : resource,
        LifeOf(resource), id: "managed-identity-token-of-the-test" + (resource.Contains(ShortLived, StringComparison.Ordinal) ? Interlocked.Increment(ref _count) : ""));

    private static RawServer Start()
    {
        var server = RawServer.Start(async (stream, token) =>
        {
            var received = new byte[16_384];
            var count = await stream.ReadAsync(received, token);
            var request = Encoding.ASCII.GetString(received, 0, count);
            var resource = request.Split("resource=").Length > 1 ? Uri.UnescapeDataString(request.Split("resource=")[1].Split('&', ' ')[0]) : "";
            var (status, body) = Answer(resource);
            var text = body.ToJsonString();
            await stream.WriteAsync(
                Encoding.UTF8.GetBytes($"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\nConnection: close\r\n\r\n{text}"), token);
        });
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", $"http://127.0.0.1:{server.Port}/msi/token");
        Environment.SetEnvironmentVariable("IDENTITY_HEADER", Header);
        return server;
    }

    private static (int Status, JsonObject Body) Answer(string resource) => resource switch
    {
        _ when resource.Contains("unknown-service", StringComparison.Ordinal) => (400, Failure("invalid_resource", "AADSTS500011: The resource principal was not found in the tenant.")),
        _ when resource.Contains("unknown-identity", StringComparison.Ordinal) => (400, Failure("invalid_request", "Identity not found")),
        _ when resource.Contains("unknown-tenant", StringComparison.Ordinal) => (400, Failure("invalid_request", "AADSTS90002: Tenant not found.")),
        _ when resource.Contains("untrusted", StringComparison.Ordinal) => (400, Failure("invalid_client", "AADSTS700213: No matching federated identity record found.")),
        _ when resource.Contains("odd", StringComparison.Ordinal) => (400, Failure("odd", "No reason is given.")),
        _ => (200, new JsonObject
        {
            ["access_token"] = TokenFor(resource),
            ["expires_on"] = (TimeProvider.System.GetUtcNow() + LifeOf(resource)).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["resource"] = resource,
            ["token_type"] = "Bearer",
            ["client_id"] = "00000000-0000-0000-0000-000000000001",
        }),
    };

    private static TimeSpan LifeOf(string resource) => resource.Contains(ShortLived, StringComparison.Ordinal) ? _shortLife : TimeSpan.FromHours(1);

    private static JsonObject Failure(string code, string message) => new() { ["statusCode"] = 400, ["error"] = code, ["error_description"] = message, ["message"] = message };
}
