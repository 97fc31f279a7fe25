using System.Text.Json.Nodes;
using Portal.Model.Dataflows;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>
/// A resource as Azure Resource Manager holds it, and back. Azure has no namespace and no <c>metadata</c>; a dataflow stands
/// below its profile, so <c>spec.profileRef</c> is the name of the parent there.
/// </summary>
public static class ArmResource
{
    /// <summary>Members of <c>properties</c> that the service sets and nobody writes.</summary>
    private static readonly string[] ReadOnly = [.. ArmDocument.ReadOnlyProperties, "status"];

    /// <summary>Reads what Azure gives for one resource.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="resource">The resource, with <c>name</c> and <c>properties</c>.</param>
    /// <param name="profile">Name of the profile that a dataflow stands below.</param>
    public static ReadResult Read(ResourceKind kind, JsonObject resource, string? profile = null) => ResourceJson.Read(Custom(kind, resource, profile));

    /// <summary>The <c>properties</c> that Azure takes of a resource, and a note for each member that it does not have.</summary>
    /// <param name="resource">What is to be stored.</param>
    /// <param name="options">The API version decides which members there are.</param>
    public static (JsonObject Properties, IReadOnlyList<Finding> Notes) Write(Resource resource, DocumentOptions options)
    {
        var form = AzureForm.Of(resource, options);
        return (form.Properties, form.Notes);
    }

    /// <summary>The <c>properties</c> without what the service sets itself: what two states are compared by.</summary>
    public static JsonObject Written(JsonObject resource)
    {
        var properties = resource["properties"]?.DeepClone() as JsonObject ?? [];
        foreach (var member in ReadOnly)
            properties.Remove(member);
        return properties;
    }

    /// <summary>A resource with the members of what is stored that it does not know: those that the form has are taken from it alone.</summary>
    /// <param name="mine">What is to be stored.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="stored">What Azure gives now.</param>
    /// <param name="profile">Name of the profile that a dataflow stands below.</param>
    public static Resource Merge(Resource mine, ResourceKind kind, JsonObject stored, string? profile = null)
    {
        var theirs = Custom(kind, stored, profile);
        if (mine is Dataflow { ProfileRef: null })
            (theirs["spec"] as JsonObject)?.Remove("profileRef");
        (theirs["metadata"] as JsonObject)?.Remove("namespace");
        // Theirs with my values holds, beyond mine, only what no form knows.
        var merged = ResourceJson.Write(mine);
        AddMissing(merged, ResourceJson.Write(mine with { Kept = JsonText.Compact(theirs) }));
        return ResourceJson.Read(merged).Resource ?? mine;
    }

    private static JsonObject Custom(ResourceKind kind, JsonObject resource, string? profile)
    {
        var spec = Written(resource);
        if (kind is ResourceKind.DataflowEndpoint)
            ArmDocument.AddAnonymousSettings(spec);
        if (kind is ResourceKind.Dataflow && profile is not null)
            spec.Insert(0, "profileRef", profile);
        return new JsonObject
        {
            ["apiVersion"] = Resource.ApiVersion,
            ["kind"] = kind.ToString(),
            ["metadata"] = new JsonObject { ["name"] = resource["name"]?.DeepClone() },
            ["spec"] = spec,
        };
    }

    private static void AddMissing(JsonObject to, JsonObject from)
    {
        foreach (var (name, value) in from)
        {
            if (!to.ContainsKey(name))
                to[name] = value?.DeepClone();
            else if (to[name] is JsonObject below && value is JsonObject more)
                AddMissing(below, more);
        }
    }
}
