using System.Text.RegularExpressions;

namespace Portal.Components.Traffic;

/// <summary>The topic term of a filter text, which a click in the tree sets or takes away.</summary>
internal static partial class TopicTerm
{
    public static string Of(TopicNode node) => node.IsLeaf ? $"topic={Quoted(node.Path)}" : $"topic:{Quoted(node.Path + "/#")}";

    /// <summary>The filter with the node's term in place of the one that was there; without it when it was the same.</summary>
    public static string Toggle(string filter, TopicNode node)
    {
        var rest = First().Replace(filter, "").Trim();
        var term = Of(node);
        if (Has(filter, node) || rest.Length == 0)
            return Has(filter, node) ? rest : term;
        return Or().IsMatch(rest) ? $"{term} and ({rest})" : $"{term} and {rest}";
    }

    public static bool Has(string filter, TopicNode node) =>
        First().Match(filter) is { Success: true } match && match.Groups["term"].Value == Of(node);

    private static string Quoted(string topic) => topic.Any(c => char.IsWhiteSpace(c) || c is '(' or ')' or '"') ? $"\"{topic.Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : topic;

    [GeneratedRegex("""^\s*(?<term>topic[:=](?:"(?:[^"\\]|\\.)*"|[^\s()]+))(?:\s+and(?=[\s(]))?\s*""", RegexOptions.IgnoreCase)]
    private static partial Regex First();

    [GeneratedRegex(@"\bor\b", RegexOptions.IgnoreCase)]
    private static partial Regex Or();
}
