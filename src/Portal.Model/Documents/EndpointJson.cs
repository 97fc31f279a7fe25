using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>The <c>spec</c> of a DataflowEndpoint: a loop over the field table.</summary>
internal static class EndpointJson
{
    private const string Method = ".authentication.method";

    /// <summary>Types that are listed and kept but not edited, with the member of their settings.</summary>
    internal static readonly IReadOnlyDictionary<string, string> OtherTypes = new Dictionary<string, string>
    {
        ["DataExplorer"] = "dataExplorerSettings",
        ["DataLakeStorage"] = "dataLakeStorageSettings",
        ["FabricOneLake"] = "fabricOneLakeSettings",
        ["LocalStorage"] = "localStorageSettings",
        ["OpenTelemetry"] = "openTelemetrySettings",
    };

    /// <summary>Every path that an endpoint of any type may have.</summary>
    internal static IReadOnlyList<string> Paths { get; } =
    [
        "spec.endpointType", "spec.hostType", .. OtherTypes.Values.Select(member => "spec." + member),
        .. Enum.GetValues<Wire>().SelectMany(wire => EndpointFields.For(wire).Select(field => field.FullPath).Concat(
            Enum.GetValues<AuthenticationMethod>().Select(method => SettingsPath(wire, method)))),
    ];

    private static readonly MemberNames Names = new(Paths);

    public static DataflowEndpoint Read(ShapeReader shape, string name)
    {
        shape.CheckNames(Names);
        var endpoint = new DataflowEndpoint { Name = name, HostType = shape.Text("spec.hostType") };
        var type = shape.Text("spec.endpointType");
        if (!Enum.GetNames<Wire>().Contains(type))
        {
            if (type is not null && OtherTypes.ContainsKey(type))
                return endpoint with { OtherType = type };
            shape.Add(Finding.Error(
                "endpoint-type", "spec.endpointType",
                type is null ? "The endpointType is missing." : $"The endpointType '{type}' is not known.",
                $"Write one of {string.Join(", ", Enum.GetNames<Wire>().Concat(OtherTypes.Keys))}."));
            return endpoint;
        }
        endpoint = endpoint with { Settings = type == nameof(Wire.Kafka) ? new KafkaSettings() : new MqttSettings() };
        foreach (var field in EndpointFields.For(endpoint))
        {
            var set = field.SetJson(endpoint, shape.Find(field.FullPath));
            endpoint = set.Endpoint;
            if (set.Problem is not null)
                shape.Add(set.Problem);
        }
        return endpoint;
    }

    public static void Patch(JsonPatch change, DataflowEndpoint? was, DataflowEndpoint now)
    {
        change.Text("spec.endpointType", was?.EndpointType, now.EndpointType);
        change.Text("spec.hostType", was?.HostType, now.HostType);
        if (was?.Settings is { } old && old.Wire != now.Settings?.Wire)
            change.Set("spec." + old.Member, null);
        if (now.Settings is null)
            return;
        var before = was?.Settings?.Wire == now.Settings.Wire ? was : null;
        if (before is null)
            change.Ensure("spec." + now.Settings.Member);
        PatchFields(change, before, now, now.Settings);
    }

    private static void PatchFields(JsonPatch change, DataflowEndpoint? before, DataflowEndpoint now, BrokerSettings settings)
    {
        var (wire, method) = (settings.Wire, settings.Authentication?.Method);
        string[] stay = ["spec." + settings.Member, method is { } kept && MayBeEmpty(wire, kept) ? SettingsPath(wire, kept) : ""];
        foreach (var field in EndpointFields.For(wire))
        {
            var isMethod = field.Path.EndsWith(Method, StringComparison.Ordinal);
            var text = field.GetText(now);
            if ((before is null ? null : field.GetText(before)) == text)
                continue;
            if (isMethod && before?.Settings?.Authentication is { } left)
                change.Set(SettingsPath(wire, left.Method), null, "spec." + settings.Member + ".authentication");
            change.Set(field.FullPath, field.GetJson(now), stay);
            if (isMethod && method is { } chosen && MayBeEmpty(wire, chosen))
                change.Ensure(SettingsPath(wire, chosen));
        }
    }

    /// <summary>True for a method whose settings object may be written without members, as the documentation does.</summary>
    private static bool MayBeEmpty(Wire wire, AuthenticationMethod method) =>
        !EndpointFields.For(wire).Any(field => field.IsRequired && field.FullPath.StartsWith(SettingsPath(wire, method) + ".", StringComparison.Ordinal));

    private static string SettingsPath(Wire wire, AuthenticationMethod method) =>
        $"spec.{BrokerSettings.MemberOf(wire)}.authentication.{Authentication.SettingsMemberOf(method)}";
}
