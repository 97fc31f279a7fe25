namespace Portal.Drafts;

/// <summary>Finds the line of a member in a document by indentation; YAML, JSON and Bicep alike.</summary>
public static class DocumentLines
{
    /// <summary>Number of the line, from 1, that holds a member; null when the document lacks it.</summary>
    /// <param name="text">The document.</param>
    /// <param name="path">Path below the resource, for example <c>spec.mqttSettings.host</c>.</param>
    public static int? Find(string text, string path)
    {
        var lines = text.Split('\n');
        var (from, depth) = (0, -1);
        // Azure's forms have no spec: the members of the settings stand under another parent there.
        var names = path.StartsWith("spec.", StringComparison.Ordinal) ? path.Split('.')[1..] : path.Split('.')[^1..];
        foreach (var name in names)
        {
            var found = FindBelow(lines, from, depth, name);
            if (found is null)
                return null;
            (from, depth) = (found.Value + 1, Indent(lines[found.Value]));
        }
        return from;
    }

    private static int? FindBelow(string[] lines, int from, int depth, string name)
    {
        for (var at = from; at < lines.Length; at++)
        {
            if (lines[at].AsSpan().TrimStart() is [] or ['#', ..] or ['/', '/', ..])
                continue;
            if (Indent(lines[at]) <= depth)
                return null;
            if (IsMember(lines[at].TrimStart(' ', '-'), name))
                return at;
        }
        return null;
    }

    private static bool IsMember(string line, string name) =>
        line.StartsWith(name + ":", StringComparison.Ordinal) || line.StartsWith($"\"{name}\":", StringComparison.Ordinal);

    private static int Indent(string line) => line.Length - line.TrimStart(' ').Length;
}
