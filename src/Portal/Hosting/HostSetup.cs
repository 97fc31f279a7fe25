using Microsoft.AspNetCore.HostFiltering;
using Portal.Security;

namespace Portal.Hosting;

/// <summary>What the host decides before any service is added.</summary>
internal static class HostSetup
{
    private const string DataDirectoryKey = "Portal:DataDirectory";

    /// <summary>Fills in the defaults of the host and checks its settings.</summary>
    public static PortalOptions AddPortalOptions(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (string.IsNullOrWhiteSpace(configuration[DataDirectoryKey]))
            configuration[DataDirectoryKey] = DataDirectory.Default(builder.Environment.ContentRootPath);
        configuration[DataDirectoryKey] = Path.GetFullPath(configuration[DataDirectoryKey]!);
        var options = PortalOptions.From(configuration);
        // The one value that all parts read: the network policy takes loopback for allowed while the sandbox is on.
        configuration[PortalOptions.SandboxKey] = options.SandboxEnabled ? "true" : "false";
        // Portals call a flow host by any name of the cluster; the token decides.
        if (options.Role.Role is PortalRole.Flows && string.IsNullOrEmpty(configuration["AllowedHosts"]))
            configuration["AllowedHosts"] = "*";
        if (!ListenGuard.Urls(configuration).Any())
            builder.WebHost.UseUrls(ListenGuard.DefaultUrl);
        ListenGuard.Check(configuration, options);
        // Without this an unpublished build serves empty files outside the Development environment.
        builder.WebHost.UseStaticWebAssets();
        builder.Services.PostConfigure<HostFilteringOptions>(OriginGuard.Disable);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(TimeProvider.System);
        return options;
    }
}
