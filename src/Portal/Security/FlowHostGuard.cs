using Portal.FlowHosts;

namespace Portal.Security;

/// <summary>On a flow host: the API answers only those who show the shared token. Health and metrics stay open to probes.</summary>
internal sealed class FlowHostGuard(RequestDelegate next, FlowHostToken token)
{
    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if ((!path.StartsWithSegments("/api") && !path.StartsWithSegments("/openapi")) || token.IsIn(context.Request.Headers.Authorization))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return context.Response.WriteAsJsonAsync(
            new { type = "about:blank", title = "The token is missing or wrong", status = StatusCodes.Status401Unauthorized, detail = "This is a flow host; it answers portals that send its Portal:FlowHostToken. Open a portal for pages and the whole API." },
            options: null, contentType: "application/problem+json", context.RequestAborted);
    }
}
