namespace Portal.Drafts;

/// <summary>A file as it came, or what was pasted.</summary>
/// <param name="Name">Its name, for people.</param>
/// <param name="Content">Its text.</param>
public sealed record ImportFile(string Name, string Content);

/// <summary>An imported text as a page shows it, by its lines; values of secrets are hidden in it.</summary>
public sealed class ImportText
{
    /// <summary>Longest part of a line that is shown, in characters.</summary>
    public const int MostOfLine = 2000;

    private readonly int[] _starts;

    public ImportText(string name, string content)
    {
        (Name, Content) = (name, content);
        var starts = new List<int> { 0 };
        for (var at = content.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = content.IndexOf('\n', at + 1))
            starts.Add(at + 1);
        if (starts.Count > 1 && starts[^1] == content.Length)
            starts.RemoveAt(starts.Count - 1);
        _starts = [.. starts];
        Numbers = [.. Enumerable.Range(1, _starts.Length)];
    }

    public string Name { get; }

    public string Content { get; }

    /// <summary>1, 2, 3, ...: a list of lines to show parts of.</summary>
    public List<int> Numbers { get; }

    /// <summary>A line, from 1, without its end; cut when it is very long.</summary>
    public string Line(int number)
    {
        var start = _starts[number - 1];
        var end = number < _starts.Length ? _starts[number] - 1 : Content.Length;
        var line = Content.AsSpan(start, end - start).TrimEnd("\r\n");
        return line.Length > MostOfLine ? string.Concat(line[..MostOfLine], " \u2026") : line.ToString();
    }
}
