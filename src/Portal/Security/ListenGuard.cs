using System.Net;
using Portal.Hosting;

namespace Portal.Security;

/// <summary>Refuses to start on an address that others can reach while nobody signs in.</summary>
internal static class ListenGuard
{
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>Checks the configured addresses.</summary>
    /// <exception cref="BadSettingException">An address is beyond loopback and that is not allowed.</exception>
    public static void Check(IConfiguration configuration, PortalOptions options)
    {
        // A flow host has no pages, and its API wants the shared token.
        if (options.Role.Role is PortalRole.Flows)
            return;
        foreach (var url in Urls(configuration))
        {
            if (options.AllowUnauthenticated || IsLoopback(url))
                continue;
            throw new BadSettingException("urls", url, "loopback addresses such as " + DefaultUrl + " while there is no sign-in; set Portal:AllowUnauthenticated=true to let everyone who reaches the address act as operator");
        }
    }

    /// <summary>The addresses that the configuration names; none when it names none.</summary>
    public static IEnumerable<string> Urls(IConfiguration configuration)
    {
        var urls = (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var ports = new[] { "http_ports", "https_ports" }.Where(key => !string.IsNullOrEmpty(configuration[key])).Select(key => $"http://*:{configuration[key]}");
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>();
        // Kestrel takes urls before ports, and its own endpoints before both.
        return endpoints.Any() ? endpoints : urls.Length > 0 ? urls : ports;
    }

    internal static bool IsLoopback(string url)
    {
        var rest = url.Contains("://", StringComparison.Ordinal) ? url[(url.IndexOf("://", StringComparison.Ordinal) + 3)..] : url;
        if (rest.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
            return true;
        var authority = rest.Split('/')[0];
        var host = authority.StartsWith('[') ? authority[1..Math.Max(1, authority.IndexOf(']', StringComparison.Ordinal))] : authority.Split(':')[0];
        return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }
}
