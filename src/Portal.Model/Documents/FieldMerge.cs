using System.Text.Json.Nodes;
using Portal.Model.Endpoints;
using Portal.Model.Fields;

namespace Portal.Model.Documents;

/// <summary>One member that both sides changed to different things.</summary>
/// <param name="Label">Label of the form; the path for a member that the form does not have.</param>
/// <param name="Path">Path below the resource.</param>
/// <param name="Base">Text that both started from; null = not set.</param>
/// <param name="Mine">Text in the form.</param>
/// <param name="Theirs">Text in the store.</param>
public sealed record FieldConflict(string Label, string Path, string? Base, string? Mine, string? Theirs);

/// <summary>What a three-way merge says to people.</summary>
/// <param name="Conflicts">The members that both changed.</param>
/// <param name="FromTheirs">The members that only they changed, taken over.</param>
public abstract record MergeResult(IReadOnlyList<FieldConflict> Conflicts, IReadOnlyList<FieldChange> FromTheirs);

/// <summary>The outcome of a three-way merge.</summary>
/// <param name="Merged">Their resource with my changes on top; where both changed a member it holds mine.</param>
/// <param name="Conflicts">The members that both changed.</param>
/// <param name="FromTheirs">The members that only they changed, taken over.</param>
public sealed record MergeResult<T>(T Merged, IReadOnlyList<FieldConflict> Conflicts, IReadOnlyList<FieldChange> FromTheirs) : MergeResult(Conflicts, FromTheirs)
    where T : Resource;

/// <summary>Brings two changes of one endpoint together, so that neither is lost unseen.</summary>
public static class FieldMerge
{
    /// <param name="base">What both started from; null when both created it.</param>
    /// <param name="mine">What the form holds.</param>
    /// <param name="theirs">What is stored now.</param>
    public static MergeResult<DataflowEndpoint> Merge(DataflowEndpoint? @base, DataflowEndpoint mine, DataflowEndpoint theirs)
    {
        var conflicts = new List<FieldConflict>();
        var merged = MergeUnknown(@base, mine, theirs, conflicts);
        merged = merged with
        {
            Name = Pick("Name", "metadata.name", @base?.Name, mine.Name, theirs.Name, conflicts) ?? "",
            Namespace = Pick("Namespace", "metadata.namespace", @base?.Namespace, mine.Namespace, theirs.Namespace, conflicts),
            HostType = Pick("Host type", "spec.hostType", @base?.HostType, mine.HostType, theirs.HostType, conflicts),
        };
        if (mine.EndpointType != theirs.EndpointType || mine.Settings is null || theirs.Settings is null)
            merged = MergeTypes(@base, mine, theirs, merged, conflicts);
        else
            merged = MergeFields(@base, mine, theirs, merged, conflicts);
        return new MergeResult<DataflowEndpoint>(merged, conflicts, FieldDiff.Compute(mine, merged));
    }

    private static DataflowEndpoint MergeFields(DataflowEndpoint? @base, DataflowEndpoint mine, DataflowEndpoint theirs, DataflowEndpoint merged, List<FieldConflict> conflicts)
    {
        if (mine.Settings!.Authentication?.Method != theirs.Settings!.Authentication?.Method)
            merged = MergeAuthentication(@base?.Settings?.Authentication, mine, theirs, merged, conflicts);
        foreach (var field in EndpointFields.For(theirs).Where(field => mine.Settings.Authentication?.Method == theirs.Settings.Authentication?.Method || !field.Path.Contains(".authentication.", StringComparison.Ordinal)))
        {
            var (was, here, there) = (@base?.EndpointType == mine.EndpointType ? field.GetText(@base!) : null, field.GetText(mine), field.GetText(theirs));
            if (Pick(field.Label, field.FullPath, was, here, there, conflicts) != field.GetText(merged))
                merged = field.SetJson(merged, field.GetJson(here == Pick(was, here, there) ? mine : theirs)).Endpoint;
        }
        return merged;
    }

    /// <summary>Settings of different methods cannot be mixed: one side's are taken whole.</summary>
    private static DataflowEndpoint MergeAuthentication(Authentication? was, DataflowEndpoint mine, DataflowEndpoint theirs, DataflowEndpoint merged, List<FieldConflict> conflicts)
    {
        var (here, there) = (mine.Settings!.Authentication, theirs.Settings!.Authentication);
        if (here != was && there != was)
            conflicts.Add(new FieldConflict(
                "Authentication method", $"spec.{mine.Settings.Member}.authentication.method",
                was?.Method.ToString(), here?.Method.ToString(), there?.Method.ToString()));
        return merged with { Settings = merged.Settings! with { Authentication = here == was ? there : here } };
    }

    /// <summary>Settings of different families cannot be mixed: one side's are taken whole.</summary>
    private static DataflowEndpoint MergeTypes(DataflowEndpoint? @base, DataflowEndpoint mine, DataflowEndpoint theirs, DataflowEndpoint merged, List<FieldConflict> conflicts)
    {
        if (mine.EndpointType == theirs.EndpointType)
            return merged;
        var (iChanged, theyChanged) = (Differs(@base, mine), Differs(@base, theirs));
        if (iChanged && theyChanged)
            conflicts.Add(new FieldConflict("Endpoint type", "spec.endpointType", @base?.EndpointType, mine.EndpointType, theirs.EndpointType));
        var chosen = iChanged ? mine : theirs;
        return merged with { Settings = chosen.Settings, OtherType = chosen.OtherType, Kept = chosen.Kept };
    }

    private static bool Differs(DataflowEndpoint? was, DataflowEndpoint now) => was?.Settings != now.Settings || was?.OtherType != now.OtherType;

    /// <summary>Their document with what I changed in members that the form does not have.</summary>
    private static DataflowEndpoint MergeUnknown(DataflowEndpoint? @base, DataflowEndpoint mine, DataflowEndpoint theirs, List<FieldConflict> conflicts)
    {
        if (mine.Kept == theirs.Kept || mine.Kept == @base?.Kept || mine.EndpointType != theirs.EndpointType)
            return theirs;
        var root = ResourceJson.Write(theirs);
        var (was, here, there) = (Unknown(@base), Unknown(mine), Unknown(theirs));
        foreach (var path in here.Keys.Union(was.Keys))
        {
            var (old, my, their) = (was.GetValueOrDefault(path), here.GetValueOrDefault(path), there.GetValueOrDefault(path));
            if (old?.Text == my?.Text || my?.Text == their?.Text)
                continue;
            Pick(path, path, old?.Text, my?.Text, their?.Text, conflicts);
            Put(root, (my ?? old)!.Names, my);
        }
        var read = ResourceJson.Read(root);
        return read.Endpoint ?? theirs;
    }

    private static Dictionary<string, JsonLeaf> Unknown(DataflowEndpoint? endpoint)
    {
        if (endpoint?.Kept is null)
            return [];
        var known = EndpointFields.For(endpoint).Select(field => field.FullPath)
            .Concat(["apiVersion", "kind", "metadata.name", "metadata.namespace", "spec.endpointType", "spec.hostType"]).ToHashSet();
        return JsonLeaves.Of(ResourceJson.Write(endpoint)).Where(leaf => !known.Contains(leaf.Path) && !leaf.IsEmpty).DistinctBy(leaf => leaf.Path).ToDictionary(leaf => leaf.Path);
    }

    private static void Put(JsonObject root, IReadOnlyList<string> names, JsonLeaf? leaf)
    {
        var parent = root;
        foreach (var name in names.SkipLast(1))
        {
            if (parent[name] is not JsonObject child)
                parent[name] = child = [];
            parent = child;
        }
        if (leaf is null)
            parent.Remove(names[^1]);
        else
            parent[names[^1]] = leaf.Value?.DeepClone();
    }

    private static string? Pick(string label, string path, string? was, string? mine, string? theirs, List<FieldConflict> conflicts)
    {
        if (mine != theirs && mine != was && theirs != was)
            conflicts.Add(new FieldConflict(label, path, was, mine, theirs));
        return Pick(was, mine, theirs);
    }

    /// <summary>Theirs where I changed nothing, else mine.</summary>
    private static string? Pick(string? was, string? mine, string? theirs) => mine == was ? theirs : mine;
}
