using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>The <c>properties</c> that Azure takes: the spec without the members that its resource types lack, with a note for each.</summary>
internal sealed record AzureForm(JsonObject Properties, IReadOnlyList<Finding> Notes)
{
    public static AzureForm Of(Resource resource, DocumentOptions options)
    {
        var root = ResourceJson.Write(resource);
        var notes = new List<Finding>();
        NoteEnvelope(resource, root, notes);
        if (resource is DataflowEndpoint endpoint)
            LeaveFields(endpoint, root, options, notes);
        else if (resource is Dataflow)
            LeaveFields(root, options, notes);
        var properties = root["spec"] as JsonObject ?? [];
        root.Remove("spec");
        NoteLargeNumbers(properties, "spec", notes);
        return new AzureForm(properties, notes);
    }

    private static void LeaveFields(DataflowEndpoint endpoint, JsonObject root, DocumentOptions options, List<Finding> notes)
    {
        foreach (var path in EndpointFields.For(endpoint).Where(field => !field.IsInAzure).Select(field => field.FullPath))
            Leave(root, path, "not-in-azure", "No API version of Azure has this member: it is left out here and stays in the YAML.", notes);
        if (endpoint.Settings is { } settings)
            Leave(
                root, $"spec.{settings.Member}.authentication.{Authentication.SettingsMemberOf(AuthenticationMethod.Anonymous)}", "not-in-azure",
                "Azure has no settings for the method Anonymous: the empty object is left out here.", notes);
        if (!options.HasHostType)
            Leave(root, "spec.hostType", "needs-newer-api", $"API version {options.ApiVersion} has no hostType: it is left out here. Versions from 2025-07-01-preview have it.", notes);
    }

    private static void LeaveFields(JsonObject root, DocumentOptions options, List<Finding> notes)
    {
        // In Azure a dataflow stands below its profile; nothing is lost.
        JsonPaths.Remove(root, "spec.profileRef", "spec");
        if (!options.HasHostType)
            Leave(root, "spec.requestDiskPersistence", "needs-newer-api", $"API version {options.ApiVersion} has no requestDiskPersistence: it is left out here. Versions from 2025-07-01-preview have it.", notes);
        if (options.HasHeaders || JsonPaths.Find(root, "spec.operations") is not JsonArray operations)
            return;
        for (var at = 0; at < operations.Count; at++)
            if (operations[at] is JsonObject operation && operation["destinationSettings"] is JsonObject settings && settings.Remove("headers"))
                notes.Add(Finding.Info("needs-newer-api", string.Create(CultureInfo.InvariantCulture, $"spec.operations[{at}].destinationSettings.headers"), $"API version {options.ApiVersion} has no headers: they are left out here. Versions from 2025-10-01 have them."));
    }

    /// <summary>Name for a resource that may have none yet.</summary>
    public static string NameOf(DataflowEndpoint endpoint) => endpoint.Name.Length == 0 ? "<ENDPOINT_NAME>" : endpoint.Name;

    private static void NoteEnvelope(Resource resource, JsonObject root, List<Finding> notes)
    {
        if (resource.Namespace is not (null or Resource.DefaultNamespace))
            notes.Add(Finding.Info("not-in-azure", "metadata.namespace", $"Azure has no namespace: the instance decides where the resource is, not '{resource.Namespace}'."));
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
        else if (node is JsonArray items)
            for (var at = 0; at < items.Count; at++)
                NoteLargeNumbers(items[at], string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]"), notes);
        else if (node?.GetValueKind() is JsonValueKind.Number
            && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number > int.MaxValue)
            notes.Add(Finding.Warning("above-int32", path, $"{node.ToJsonString()} is above 2147483647: Kubernetes takes it, Azure Resource Manager does not.", "Write at most 2147483647."));
    }
}
