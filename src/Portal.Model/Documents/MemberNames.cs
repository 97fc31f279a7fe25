namespace Portal.Model.Documents;

/// <summary>The member names that are known at each level of a document.</summary>
internal sealed class MemberNames
{
    private static readonly string[] Envelope =
        ["apiVersion", "kind", "metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "spec", "status"];

    private readonly Dictionary<string, HashSet<string>> byParent = [];

    /// <param name="paths">Paths below the resource; those of the envelope are added.</param>
    public MemberNames(IEnumerable<string> paths)
        : this([.. Envelope, .. paths])
    {
    }

    private MemberNames(string[] paths)
    {
        foreach (var path in paths)
            Add(path);
    }

    /// <summary>Names of an object in a list: paths below it, without an envelope.</summary>
    public static MemberNames OfItem(params string[] paths) => new(paths);

    /// <summary>The right spelling of a name that differs from a known one only in case; null when it is known or quite another.</summary>
    public string? Misspelt(string parent, string name) =>
        byParent.TryGetValue(parent, out var names) && !names.Contains(name)
            ? names.FirstOrDefault(known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
            : null;

    private void Add(string path)
    {
        var dot = path.LastIndexOf('.');
        var parent = dot < 0 ? "" : path[..dot];
        if (!byParent.TryGetValue(parent, out var names))
            byParent[parent] = names = [];
        names.Add(path[(dot + 1)..]);
        if (dot >= 0)
            Add(parent);
    }
}
