using System.Text.RegularExpressions;

namespace Portal.Stores.AzureResourceManager;

/// <summary>
/// The <c>objects</c> of a SecretProviderClass: YAML with one block of text for each secret of the vault that may be synced.
/// Blocks of others stay as they are written.
/// </summary>
internal static partial class ProviderObjects
{
    [GeneratedRegex(@"^(?<indent>\s*)-\s*\|[-+]?\s*$")]
    private static partial Regex BlockStart();

    [GeneratedRegex(@"^\s*objectName:\s*[""']?(?<name>[0-9A-Za-z-]+)[""']?\s*$")]
    private static partial Regex ObjectName();

    /// <summary>The text with a block for each of the names; the same text when all are there.</summary>
    public static string With(string? text, IEnumerable<string> names)
    {
        var (head, blocks) = Read(text);
        var known = blocks.Select(NameOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var missing = names.Distinct(StringComparer.OrdinalIgnoreCase).Where(name => !known.Contains(name)).ToList();
        if (missing.Count == 0)
            return text ?? "";
        var indent = blocks.Count > 0 ? BlockStart().Match(blocks[0][0]).Groups["indent"].Value : "  ";
        return Write(head, [.. blocks, .. missing.Select(name => new List<string> { $"{indent}- |", $"{indent}  objectName: {name}", $"{indent}  objectType: secret" })]);
    }

    /// <summary>The text without the blocks of the names; the same text when none is there.</summary>
    public static string Without(string? text, IReadOnlySet<string> names)
    {
        var (head, blocks) = Read(text);
        var left = blocks.Where(block => NameOf(block) is not { } name || !names.Contains(name)).ToList();
        return left.Count == blocks.Count ? text ?? "" : left.Count == 0 ? "" : Write(head, left);
    }

    private static (List<string> Head, List<List<string>> Blocks) Read(string? text)
    {
        var (head, blocks) = (new List<string>(), new List<List<string>>());
        foreach (var line in (text ?? "").Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Trim().Length > 0))
        {
            if (BlockStart().IsMatch(line))
                blocks.Add([line]);
            else
                (blocks.Count == 0 ? head : blocks[^1]).Add(line);
        }
        return (head.Count == 0 ? ["array:"] : head, blocks);
    }

    private static string Write(List<string> head, List<List<string>> blocks) => string.Concat(head.Concat(blocks.SelectMany(block => block)).Select(line => line + "\n"));

    private static string? NameOf(List<string> block) => block.Select(line => ObjectName().Match(line)).FirstOrDefault(match => match.Success)?.Groups["name"].Value;
}
