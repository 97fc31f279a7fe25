using System.Text.Json.Nodes;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>
/// A resource as custom resource JSON and back: the one place that knows the wire form. Every other format is made from it.
/// Reading is strict about shape (names, JSON types, enum texts) and says nothing about values; that is the validator's.
/// </summary>
public static class ResourceJson
{
    private static readonly string[] ReadVersions = [Resource.ApiVersion, Resource.ApiGroup + "/v1beta1"];

    /// <summary>
    /// The custom resource. Starts from <see cref="Resource.Kept"/> and changes only what the record says differently, so that
    /// member order and unknown members survive and an unchanged resource gives what was read.
    /// </summary>
    public static JsonObject Write(Resource resource)
    {
        if (resource.Kept is null)
            return WriteFresh(resource);
        var root = JsonNode.Parse(resource.Kept) as JsonObject ?? [];
        var was = ReadRecord(root, []);
        if (Patch(root, was?.Kind == resource.Kind ? was : null, resource))
            root["apiVersion"] = Resource.ApiVersion;
        return root;
    }

    /// <summary>Reads a custom resource; all problems at once, none about values.</summary>
    public static ReadResult Read(JsonObject root)
    {
        var findings = new List<Finding>();
        var resource = ReadLoosely(root, findings);
        return resource is null ? new ReadResult(null, findings) : ReadResult.Of(resource, findings);
    }

    /// <summary>Reads a custom resource as far as it can be read, also with findings that are errors; null for an unknown kind.</summary>
    internal static Resource? ReadLoosely(JsonObject root, List<Finding> findings)
    {
        var resource = ReadRecord(root, findings);
        if (resource is null)
            return null;
        var text = JsonText.Compact(root);
        return JsonText.Compact(WriteFresh(resource)) == text ? resource : resource with { Kept = text };
    }

    private static JsonObject WriteFresh(Resource resource)
    {
        var root = new JsonObject { ["apiVersion"] = Resource.ApiVersion, ["kind"] = resource.Kind.ToString() };
        Patch(root, null, resource);
        return root;
    }

    /// <summary>Changes what differs between two records; true when there was anything.</summary>
    private static bool Patch(JsonObject root, Resource? was, Resource now)
    {
        var change = new JsonPatch(root);
        change.Text("metadata.name", was?.Name, now.Name);
        change.Text("metadata.namespace", was?.Namespace, now.Namespace);
        switch (now)
        {
            case DataflowEndpoint endpoint:
                EndpointJson.Patch(change, was as DataflowEndpoint, endpoint);
                break;
            case Dataflow dataflow:
                DataflowPatch.Apply(root, change, was as Dataflow, dataflow);
                break;
            case DataflowProfile profile:
                ProfileJson.Patch(change, was as DataflowProfile, profile);
                break;
        }
        return change.Any;
    }

    private static Resource? ReadRecord(JsonObject root, List<Finding> findings)
    {
        var shape = new ShapeReader(root, findings);
        var version = shape.Text("apiVersion");
        if (!ReadVersions.Contains(version))
            findings.Add(Finding.Error(
                "api-version", "apiVersion",
                version is null ? "The apiVersion is missing." : $"The apiVersion '{version}' is not one of Azure IoT Operations dataflows.",
                $"Write apiVersion: {Resource.ApiVersion}."));
        var name = shape.Text("metadata.name");
        if (name is null && !findings.Exists(finding => finding.Path is "metadata" or "metadata.name"))
            findings.Add(Finding.Error("name-missing", "metadata.name", "The name is missing.", "Write 3 to 63 characters of a-z, 0-9 and hyphen, for example line3-broker."));
        var @namespace = shape.Text("metadata.namespace");
        var kind = shape.Text("kind");
        Resource? resource = kind switch
        {
            nameof(ResourceKind.DataflowEndpoint) => EndpointJson.Read(shape, name ?? ""),
            nameof(ResourceKind.Dataflow) => DataflowJson.Read(shape, name ?? ""),
            nameof(ResourceKind.DataflowProfile) => ProfileJson.Read(shape, name ?? ""),
            _ => null,
        };
        if (resource is null)
            findings.Add(Finding.Error(
                "kind", "kind",
                kind is null ? "The kind is missing." : $"The kind '{kind}' is not known here.",
                $"Write one of {string.Join(", ", Enum.GetNames<ResourceKind>())}."));
        return resource is null ? null : resource with { Namespace = @namespace };
    }
}
