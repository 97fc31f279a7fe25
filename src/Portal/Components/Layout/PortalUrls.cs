using Portal.Model.Endpoints;

namespace Portal.Components.Layout;

/// <summary>Addresses of the pages, built in one place.</summary>
internal static class PortalUrls
{
    public const string Overview = "/";
    public const string Endpoints = "/endpoints";
    public const string Traffic = "/traffic";
    public const string Import = "/import";
    public const string Secrets = "/secrets";
    public const string Activity = "/activity";

    public static string NewEndpoint(EndpointKind kind) => $"{Endpoints}/new/{kind.Id}";

    /// <summary>An endpoint's page; <paramref name="tab"/> is one of its tabs in lower case, for example <c>test</c>.</summary>
    public static string Endpoint(string name, string? tab = null) =>
        $"{Endpoints}/{Uri.EscapeDataString(name)}{(tab is null ? "" : $"?tab={tab}")}";
}
