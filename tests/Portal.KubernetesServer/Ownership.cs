using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.KubernetesServer;

/// <summary>Who a change is made by.</summary>
internal sealed record Manager(string Name, string Operation, string ApiVersion, string Subresource);

/// <summary>Who owns which field: managedFields of one object.</summary>
internal sealed class Ownership
{
    private readonly Dictionary<Manager, (FieldSet Set, string? Time)> entries = [];

    public static Ownership Read(JsonArray? managedFields)
    {
        var ownership = new Ownership();
        foreach (var entry in (managedFields ?? []).OfType<JsonObject>().Where(entry => entry.Count > 0))
        {
            var manager = new Manager(entry.At("manager") ?? "", entry.At("operation") ?? "", entry.At("apiVersion") ?? "", entry.At("subresource") ?? "");
            ownership.entries[manager] = (FieldSet.Read(entry.Object("fieldsV1") ?? []), entry.At("time"));
        }
        return ownership;
    }

    /// <summary>The owners before a change: those of the stored object, or those that the new one is given by hand.</summary>
    public static Ownership Before(JsonObject? live, JsonObject now, bool isSubresource)
    {
        var given = now["metadata"]?["managedFields"] as JsonArray;
        if (!isSubresource && given is [JsonObject { Count: 0 }])
            return new Ownership();
        return !isSubresource && given is { Count: > 0 } ? Read(given) : Read(live?["metadata"]?["managedFields"] as JsonArray);
    }

    /// <summary>Takes over what a create, replace or patch changed.</summary>
    public void Update(JsonObject live, JsonObject now, Manager manager, string time, Func<FieldSet, FieldSet> own)
    {
        var (changed, removed) = FieldSet.Compare(live, now);
        (changed, removed) = (own(changed), own(removed));
        Forget(changed.Union(removed), except: manager);
        var mine = entries.GetValueOrDefault(manager, (FieldSet.Empty, null));
        var set = mine.Set.Difference(removed).Union(changed);
        if (set.IsEmpty)
            entries.Remove(manager);
        else
            entries[manager] = (set, changed.IsEmpty && mine.Time is not null ? mine.Time : time);
    }

    /// <summary>Merges an applied document into the stored one.</summary>
    /// <returns>The merged object without defaults, or the conflicts.</returns>
    public (JsonObject Merged, IReadOnlyList<(Manager Owner, FieldSet Fields)> Conflicts) Apply(JsonObject live, JsonObject applied, Manager manager, bool force, string time, Func<FieldSet, FieldSet> own)
    {
        var last = entries.Where(entry => entry.Key.Name == manager.Name && entry.Key.Operation == "Apply" && entry.Key.Subresource == manager.Subresource).ToList();
        foreach (var entry in last)
            entries.Remove(entry.Key);
        var merged = live.Clone();
        Merge(merged, applied);
        var set = own(FieldSet.Applied(applied));
        var others = entries.Values.Aggregate(FieldSet.Empty, (all, entry) => all.Union(entry.Set));
        if (last.Count > 0)
            last[0].Value.Set.RemoveFrom(merged, others.Union(set));
        var (changed, removed) = FieldSet.Compare(live, merged);
        (changed, removed) = (own(changed), own(removed));
        var conflicts = entries.Select(entry => (Owner: entry.Key, Fields: entry.Value.Set.Intersection(changed))).Where(conflict => !conflict.Fields.IsEmpty).ToList();
        if (conflicts.Count > 0 && !force)
            return (live, conflicts);
        Forget(changed.Union(removed), except: null);
        if (!set.IsEmpty)
            entries[manager] = (set, JsonNode.DeepEquals(live, merged) ? last.Select(entry => entry.Value.Time).FirstOrDefault() : time);
        return (merged, []);
    }

    public JsonArray? Write()
    {
        if (entries.Count == 0)
            return null;
        // Whole seconds count: entries of one second stand in the order of their names.
        return [.. entries.OrderBy(entry => entry.Key.Operation, StringComparer.Ordinal).ThenBy(entry => entry.Value.Time ?? "", StringComparer.Ordinal)
            .ThenBy(entry => entry.Key.Name, StringComparer.Ordinal).ThenBy(entry => entry.Key.Subresource, StringComparer.Ordinal).Select(Entry)];
    }

    public static ApiFault Fault(IReadOnlyList<(Manager Owner, FieldSet Fields)> conflicts)
    {
        var named = conflicts.Select(conflict => (Name: Shown(conflict.Owner), Paths: conflict.Fields.Paths().ToList())).OrderBy(conflict => conflict.Name, StringComparer.Ordinal).ToList();
        var count = named.Sum(conflict => conflict.Paths.Count);
        var text = string.Create(CultureInfo.InvariantCulture, $"Apply failed with {count} conflict{(count == 1 ? "" : "s")}: ")
            + string.Join('\n', named.Select(conflict => count == 1
                ? $"conflict with {conflict.Name}: {conflict.Paths[0]}"
                : $"conflicts with {conflict.Name}:\n{string.Join('\n', conflict.Paths.Select(path => "- " + path))}"));
        var causes = named.SelectMany(conflict => conflict.Paths.Select(path => new Cause("FieldManagerConflict", path, $"conflict with {conflict.Name}")));
        return ApiFault.Of(409, "Conflict", text, new JsonObject { ["causes"] = ApiFault.Causes(causes) });
    }

    private static string Shown(Manager manager)
        => Json.Quoted(manager.Name) + (manager.Subresource.Length > 0 ? $" with subresource {Json.Quoted(manager.Subresource)}" : "") + (manager.Operation == "Update" ? $" using {manager.ApiVersion}" : "");

    private void Forget(FieldSet gone, Manager? except)
    {
        foreach (var (manager, (set, time)) in entries.Where(entry => entry.Key != except).ToList())
        {
            var rest = set.Difference(gone);
            if (rest.IsEmpty)
                entries.Remove(manager);
            else
                entries[manager] = (rest, time);
        }
    }

    // Objects merge member by member; everything else, lists too, is replaced.
    private static void Merge(JsonObject into, JsonObject from)
    {
        foreach (var (name, value) in from)
        {
            if (value is JsonObject map && into[name] is JsonObject below)
                Merge(below, map);
            else if (name == "finalizers" && value is JsonArray more && into[name] is JsonArray list)
                foreach (var item in more.Where(item => !list.Any(entry => JsonNode.DeepEquals(entry, item))))
                    list.Add(item?.DeepClone());
            else
                into[name] = value?.DeepClone();
        }
    }

    private static JsonObject Entry(KeyValuePair<Manager, (FieldSet Set, string? Time)> entry)
    {
        var node = new JsonObject { ["manager"] = entry.Key.Name, ["operation"] = entry.Key.Operation, ["apiVersion"] = entry.Key.ApiVersion };
        if (entry.Value.Time is { } time)
            node["time"] = time;
        node["fieldsType"] = "FieldsV1";
        node["fieldsV1"] = entry.Value.Set.Write();
        if (entry.Key.Subresource.Length > 0)
            node["subresource"] = entry.Key.Subresource;
        return node;
    }
}
