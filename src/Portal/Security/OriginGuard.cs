using System.Net;
using Microsoft.AspNetCore.HostFiltering;

namespace Portal.Security;

/// <summary>
/// Answers 403 to requests that another web page makes in the name of a person at this machine: a foreign Origin,
/// another site by Sec-Fetch-Site, or a Host that is not ours (DNS rebinding). Links from elsewhere to a page still work.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, IConfiguration configuration)
{
    private readonly string[] _hosts = Hosts(configuration["AllowedHosts"]);

    public static void Disable(HostFilteringOptions filtering) => filtering.AllowedHosts = ["*"];

    public Task InvokeAsync(HttpContext context)
    {
        var refusal = Refusal(context.Request);
        if (refusal is null)
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(
            new { type = "about:blank", title = "Refused", status = StatusCodes.Status403Forbidden, detail = refusal },
            options: null, contentType: "application/problem+json", context.RequestAborted);
    }

    private string? Refusal(HttpRequest request)
    {
        // Probes of a container or a cluster ask by address; the answer is one word.
        if (request.Path.StartsWithSegments("/healthz"))
            return null;
        if (!IsAllowed(request.Host.Host))
            return "The Host of the request is not one of this portal's. Add it to AllowedHosts when it is meant to be.";
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOwn(origin, request))
            return "Another site's page made this request. Open the portal itself instead.";
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site is "cross-site" or "same-site" && !IsLinkToPage(request)
            ? "Another site's page made this request. Open the portal itself instead."
            : null;
    }

    private bool IsAllowed(string host) =>
        _hosts.Any(allowed => allowed == "*"
            || host.Equals(allowed, StringComparison.OrdinalIgnoreCase)
            || (allowed.StartsWith("*.", StringComparison.Ordinal) && host.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase)));

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri.Host.Trim('[', ']').Equals(request.Host.Host.Trim('[', ']'), StringComparison.OrdinalIgnoreCase)
        && uri.Port == (request.Host.Port ?? (uri.Scheme is "https" ? 443 : 80));

    private static bool IsLinkToPage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers["Sec-Fetch-Mode"] == "navigate"
        && request.Headers["Sec-Fetch-Dest"] == "document"
        && !request.Path.StartsWithSegments("/api")
        && !request.Path.StartsWithSegments("/_blazor");

    private static string[] Hosts(string? configured)
    {
        var hosts = (configured ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return hosts.Length > 0 ? hosts : ["localhost", "127.0.0.1", "[::1]", IPAddress.IPv6Loopback.ToString()];
    }
}
