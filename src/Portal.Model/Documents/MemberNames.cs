namespace Portal.Model.Documents;

/// <summary>The member names that are known at each level of a document.</summary>
internal sealed class MemberNames
{
    private static readonly string[] Envelope =
        ["apiVersion", "kind", "metadata.name", "metadata.namespace", "metadata.labels", "metadata.annotations", "spec", "status"];

    /// <summary>Shorter names are too near to each other to guess which one was meant.</summary>
    private const int ShortestToMend = 4;

    private readonly Dictionary<string, HashSet<string>> byParent = [];

    /// <param name="paths">Paths below the resource; those of the envelope are added. A list of objects ends with <c>[]</c>.</param>
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

    /// <summary>True when it is known which members an object may have.</summary>
    public bool Knows(string parent) => byParent.ContainsKey(parent);

    public bool IsKnown(string parent, string name) => byParent.TryGetValue(parent, out var names) && names.Contains(name);

    /// <summary>The one known name that a name is a slip of the pen from (a letter too many, too few, another, or two swapped); null when none or several are.</summary>
    public string? Nearest(string parent, string name)
    {
        if (name.Length < ShortestToMend || !byParent.TryGetValue(parent, out var names))
            return null;
        var near = names.Where(known => known.Length >= ShortestToMend && IsOneSlip(known.ToLowerInvariant(), name.ToLowerInvariant())).Take(2).ToList();
        return near.Count == 1 ? near[0] : null;
    }

    private static bool IsOneSlip(string known, string name)
    {
        if (Math.Abs(known.Length - name.Length) > 1)
            return false;
        var same = 0;
        while (same < Math.Min(known.Length, name.Length) && known[same] == name[same])
            same++;
        var left = known.AsSpan(same);
        var right = name.AsSpan(same);
        if (left.Length != right.Length)
            return left.Length > right.Length ? left[1..].SequenceEqual(right) : right[1..].SequenceEqual(left);
        return left.Length > 0 && (left[1..].SequenceEqual(right[1..])
            || (left.Length > 1 && left[0] == right[1] && left[1] == right[0] && left[2..].SequenceEqual(right[2..])));
    }

    private void Add(string path)
    {
        var dot = path.LastIndexOf('.');
        var parent = dot < 0 ? "" : path[..dot];
        if (!byParent.TryGetValue(parent, out var names))
            byParent[parent] = names = [];
        var name = path[(dot + 1)..];
        names.Add(name.EndsWith("[]", StringComparison.Ordinal) ? name[..^2] : name);
        if (dot >= 0)
            Add(parent);
    }
}
