using Portal.Model.Endpoints;

namespace Portal.Components.Layout;

/// <summary>Addresses of the pages, built in one place.</summary>
internal static class PortalUrls
{
    public const string Overview = "/";
    public const string Endpoints = "/endpoints";
    public const string Dataflows = "/dataflows";
    public const string NewDataflow = "/dataflows/new";
    public const string Traffic = "/traffic";
    public const string Import = "/import";
    public const string Secrets = "/secrets";
    public const string Activity = "/activity";
    public const string Targets = "/targets";

    public static string NewEndpoint(EndpointKind kind) => $"{Endpoints}/new/{kind.Id}";

    /// <summary>What this target holds beside what another does; <paramref name="list"/> is the list that it begins with.</summary>
    public static string Compare(string list, string target) => $"{list}/compare/{Uri.EscapeDataString(target)}";

    /// <summary>A dataflow's page: what it does now.</summary>
    public static string Dataflow(string name) => $"{Dataflows}/{Uri.EscapeDataString(name)}";

    /// <summary>The page that edits a dataflow.</summary>
    public static string EditDataflow(string name) => Dataflow(name) + "/edit";

    /// <summary>A new dataflow with the settings of another.</summary>
    public static string DuplicateDataflow(string name) => $"{NewDataflow}?from={Uri.EscapeDataString(name)}";

    /// <summary>Live traffic of an endpoint's topic.</summary>
    public static string TrafficOf(string endpoint, string? topic) =>
        $"{Traffic}?endpoint={Uri.EscapeDataString(endpoint)}{(topic is null ? "" : $"&topic={Uri.EscapeDataString(topic)}")}";

    /// <summary>An endpoint's page; <paramref name="tab"/> is one of its tabs in lower case, for example <c>test</c>.</summary>
    public static string Endpoint(string name, string? tab = null) =>
        $"{Endpoints}/{Uri.EscapeDataString(name)}{(tab is null ? "" : $"?tab={tab}")}";
}
