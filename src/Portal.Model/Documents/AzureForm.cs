using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>The <c>properties</c> that Azure takes: the spec without the members that its resource types lack, with a note for each.</summary>
internal sealed record AzureForm(JsonObject Properties, IReadOnlyList<Finding> Notes)
{
    public static AzureForm Of(DataflowEndpoint endpoint, DocumentOptions options)
    {
        var root = ResourceJson.Write(endpoint);
        var notes = new List<Finding>();
        NoteEnvelope(endpoint, root, notes);
        foreach (var path in EndpointFields.For(endpoint).Where(field => !field.IsInAzure).Select(field => field.FullPath))
            Leave(root, path, "not-in-azure", "No API version of Azure has this member: it is left out here and stays in the YAML.", notes);
        if (endpoint.Settings is { } settings)
            Leave(
                root, $"spec.{settings.Member}.authentication.{Authentication.SettingsMemberOf(AuthenticationMethod.Anonymous)}", "not-in-azure",
                "Azure has no settings for the method Anonymous: the empty object is left out here.", notes);
        if (!options.HasHostType)
            Leave(root, "spec.hostType", "needs-newer-api", $"API version {options.ApiVersion} has no hostType: it is left out here. Versions from 2025-07-01-preview have it.", notes);
        var properties = root["spec"] as JsonObject ?? [];
        root.Remove("spec");
        NoteLargeNumbers(properties, "spec", notes);
        return new AzureForm(properties, notes);
    }

    /// <summary>Name for a resource that may have none yet.</summary>
    public static string NameOf(DataflowEndpoint endpoint) => endpoint.Name.Length == 0 ? "<ENDPOINT_NAME>" : endpoint.Name;

    private static void NoteEnvelope(DataflowEndpoint endpoint, JsonObject root, List<Finding> notes)
    {
        if (endpoint.Namespace is not (null or Resource.DefaultNamespace))
            notes.Add(Finding.Info("not-in-azure", "metadata.namespace", $"Azure has no namespace: the instance decides where the endpoint is, not '{endpoint.Namespace}'."));
        var metadata = (root["metadata"] as JsonObject ?? []).Select(member => member.Key).Where(name => name is not ("name" or "namespace")).Select(name => "metadata." + name);
        var others = root.Select(member => member.Key).Where(name => name is not ("apiVersion" or "kind" or "metadata" or "spec"));
        foreach (var path in metadata.Concat(others))
            notes.Add(Finding.Info("not-in-azure", path, $"{path} belongs to Kubernetes: it is left out here and stays in the YAML."));
    }

    private static void Leave(JsonObject root, string path, string code, string message, List<Finding> notes)
    {
        if (JsonPaths.Find(root, path) is null)
            return;
        JsonPaths.Remove(root, path);
        notes.Add(Finding.Info(code, path, message));
    }

    private static void NoteLargeNumbers(JsonNode? node, string path, List<Finding> notes)
    {
        if (node is JsonObject members)
            foreach (var (name, value) in members)
                NoteLargeNumbers(value, path + "." + name, notes);
        else if (node?.GetValueKind() is JsonValueKind.Number
            && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > int.MaxValue)
            notes.Add(Finding.Warning("above-int32", path, $"{node.ToJsonString()} is above 2147483647: Kubernetes takes it, Azure Resource Manager does not.", "Write at most 2147483647."));
    }
}
