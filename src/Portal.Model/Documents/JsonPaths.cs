using System.Text.Json.Nodes;

namespace Portal.Model.Documents;

/// <summary>Members of a JSON object by dotted path. Paths of the field table hold no dot inside a name.</summary>
internal static class JsonPaths
{
    /// <summary>The member at a path; null when it, or an object on the way, is missing, null or no object.</summary>
    public static JsonNode? Find(JsonObject root, string path)
    {
        JsonNode? node = root;
        foreach (var name in path.Split('.'))
            node = node is JsonObject parent ? parent[name] : null;
        return node;
    }

    /// <summary>Puts a member, in place when it exists, and makes the objects on the way.</summary>
    public static void Set(JsonObject root, string path, JsonNode? value)
    {
        var names = path.Split('.');
        var parent = root;
        foreach (var name in names.AsSpan(0, names.Length - 1))
        {
            if (parent[name] is not JsonObject child)
                parent[name] = child = [];
            parent = child;
        }
        parent[names[^1]] = value;
    }

    /// <summary>Makes sure that an object stands at a path.</summary>
    public static void Ensure(JsonObject root, string path)
    {
        if (Find(root, path) is not JsonObject)
            Set(root, path, new JsonObject());
    }

    /// <summary>Removes a member, then the objects around it that became empty by that; top-level members and those at <paramref name="stay"/> remain.</summary>
    public static void Remove(JsonObject root, string path, params ReadOnlySpan<string> stay)
    {
        var dot = path.LastIndexOf('.');
        var parentPath = dot < 0 ? "" : path[..dot];
        if ((dot < 0 ? root : Find(root, parentPath)) is not JsonObject parent || !parent.Remove(path[(dot + 1)..]))
            return;
        if (parent.Count == 0 && parentPath.Contains('.', StringComparison.Ordinal) && !stay.Contains(parentPath))
            Remove(root, parentPath, stay);
    }
}
