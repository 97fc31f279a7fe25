using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.KubernetesServer;

/// <summary>A set of fields as managedFields holds it (fieldsV1): a tree whose nodes may be members themselves.</summary>
internal sealed class FieldSet
{
    private static readonly string[] System =
        ["name", "namespace", "creationTimestamp", "selfLink", "uid", "generation", "managedFields", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"];

    private readonly SortedDictionary<string, FieldSet> children = new(StringComparer.Ordinal);

    private FieldSet(bool isMember) => IsMember = isMember;

    public bool IsMember { get; private set; }

    public bool IsEmpty => !IsMember && children.Values.All(child => child.IsEmpty);

    public static FieldSet Empty => new(false);

    /// <summary>What an applied document sets: its leaves.</summary>
    public static FieldSet Applied(JsonObject document)
    {
        var set = Empty;
        foreach (var (name, value) in Fields(document))
            set.Add(name, value, withParents: false);
        return set;
    }

    /// <summary>What differs between two documents: added or changed, and removed.</summary>
    public static (FieldSet Changed, FieldSet Removed) Compare(JsonObject live, JsonObject now)
    {
        var (changed, removed) = (Empty, Empty);
        Compare(new JsonObject(Detached(Fields(live))), new JsonObject(Detached(Fields(now))), changed, removed, isRoot: true);
        return (changed, removed);
    }

    public static FieldSet Read(JsonObject fields)
    {
        var set = new FieldSet(fields.Count == 0 || fields.ContainsKey("."));
        foreach (var (name, value) in fields)
            if (name != ".")
                set.children[name] = Read(value as JsonObject ?? []);
        return set;
    }

    public JsonObject Write()
    {
        var fields = new JsonObject();
        if (IsMember && children.Count > 0)
            fields["."] = new JsonObject();
        foreach (var (name, child) in children)
            if (!child.IsEmpty)
                fields[name] = child.Write();
        return fields;
    }

    public FieldSet Union(FieldSet other) => Combine(other, (left, right) => left || right);

    public FieldSet Difference(FieldSet other) => Combine(other, (left, right) => left && !right);

    public FieldSet Intersection(FieldSet other) => Combine(other, (left, right) => left && right);

    /// <summary>Without everything below a field at the top.</summary>
    public FieldSet Without(string top)
    {
        var rest = Union(Empty);
        rest.children.Remove("f:" + top);
        return rest;
    }

    /// <summary>Only what is below a field at the top.</summary>
    public FieldSet Only(string top)
    {
        var rest = Empty;
        if (children.TryGetValue("f:" + top, out var kept))
            rest.children["f:" + top] = kept;
        return rest;
    }

    public bool Holds(ReadOnlySpan<string> path)
    {
        var node = this;
        foreach (var name in path)
            if (!node.children.TryGetValue(name, out node!))
                return false;
        return !node.IsEmpty;
    }

    /// <summary>Every member as its path, the nearer ones first, as errors list them.</summary>
    public IEnumerable<string> Paths(string path = "")
    {
        foreach (var (name, child) in children)
            if (child.IsMember)
                yield return path + Shown(name);
        foreach (var (name, child) in children)
            foreach (var below in child.Paths(path + Shown(name)))
                yield return below;
    }

    /// <summary>Removes from a document what is in this set, or lies on the way to it, unless another set holds something there.</summary>
    public void RemoveFrom(JsonObject document, FieldSet kept)
    {
        foreach (var (name, child) in children)
        {
            var keeper = kept.children.GetValueOrDefault(name);
            if (name == "f:metadata")
                keeper ??= Empty;
            else if (keeper is { IsEmpty: true })
                keeper = null;
            if (keeper is null)
            {
                if (name.StartsWith("f:", StringComparison.Ordinal))
                    document.Remove(name[2..]);
            }
            else if (name.StartsWith("f:", StringComparison.Ordinal) && document[name[2..]] is { } value)
            {
                if (value is JsonObject below)
                    child.RemoveFrom(below, keeper);
                else if (value is JsonArray list)
                    foreach (var item in child.children.Keys.Where(key => key.StartsWith("v:", StringComparison.Ordinal) && !keeper.children.ContainsKey(key)))
                        list.RemoveAll(entry => "v:" + Json.Text(entry) == item);
            }
        }
    }

    private static string Shown(string name) => name.StartsWith("f:", StringComparison.Ordinal) ? "." + name[2..] : string.Create(CultureInfo.InvariantCulture, $"[={name[2..]}]");

    // Names and what the server owns are nobody's field.
    private static IEnumerable<KeyValuePair<string, JsonNode?>> Fields(JsonObject document)
    {
        foreach (var (name, value) in document)
        {
            if (name is "apiVersion" or "kind")
                continue;
            if (name == "metadata")
            {
                var rest = new JsonObject(Detached((value as JsonObject ?? []).Where(member => !System.Contains(member.Key))));
                // A set, item by item.
                if (rest["finalizers"] is JsonArray finalizers)
                    rest["finalizers"] = new JsonObject(finalizers.Select(item => KeyValuePair.Create("v:" + Json.Text(item), (JsonNode?)true)));
                yield return KeyValuePair.Create(name, (JsonNode?)rest);
            }
            else
            {
                // References of built-in kinds are set as a whole.
                yield return KeyValuePair.Create(name, name is "roleRef" or "regarding" or "involvedObject" ? JsonValue.Create(Json.Text(value)) : value);
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Detached(IEnumerable<KeyValuePair<string, JsonNode?>> members)
        => members.Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()));

    private static void Compare(JsonObject live, JsonObject now, FieldSet changed, FieldSet removed, bool isRoot)
    {
        foreach (var (name, value) in now)
        {
            if (value is null)
                continue;
            if (live[name] is not { } before)
                changed.Add(name, value, withParents: !(isRoot && name == "metadata"));
            else if (before is JsonObject left && value is JsonObject right)
                Compare(left, right, changed.Child(name), removed.Child(name), isRoot: false);
            else if (!JsonNode.DeepEquals(before, value))
                changed.Child(name).IsMember = true;
        }
        foreach (var (name, value) in live)
            if (!now.ContainsKey(name))
                removed.Add(name, value, withParents: true);
    }

    private void Add(string name, JsonNode? value, bool withParents)
    {
        var child = Child(name);
        if (value is JsonObject { Count: > 0 } map)
        {
            child.IsMember |= withParents;
            foreach (var (below, member) in map)
                child.Add(below, member, withParents);
        }
        else if (name != "metadata")
        {
            child.IsMember = true;
        }
    }

    private FieldSet Child(string name)
    {
        var key = name.StartsWith("v:", StringComparison.Ordinal) ? name : "f:" + name;
        if (!children.TryGetValue(key, out var child))
            children[key] = child = Empty;
        return child;
    }

    private FieldSet Combine(FieldSet other, Func<bool, bool, bool> rule)
    {
        var result = new FieldSet(rule(IsMember, other.IsMember));
        foreach (var name in children.Keys.Union(other.children.Keys))
        {
            var child = children.GetValueOrDefault(name, Empty).Combine(other.children.GetValueOrDefault(name, Empty), rule);
            if (!child.IsEmpty)
                result.children[name] = child;
        }
        return result;
    }
}
