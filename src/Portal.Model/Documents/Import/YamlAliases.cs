using System.Text.Json.Nodes;
using Portal.Model.Validation;
using YamlDotNet.Core.Events;

namespace Portal.Model.Documents.Import;

/// <summary>What the lenient reading of YAML takes beyond the strict one: anchors with their aliases, merge keys, tags of the core schema.</summary>
internal sealed class YamlAliases(ReadingBudget? budget)
{
    private const string Core = "tag:yaml.org,2002:";
    private static readonly string[] CoreTags = ["str", "int", "float", "bool", "null", "map", "seq"];

    private readonly Dictionary<string, JsonNode?> kept = [];
    private (int Line, int Column)? first;

    /// <summary>That aliases and merge keys were written out, once a document; null when there were none.</summary>
    public Finding? Note => first is { } at
        ? Finding.Info("yaml-alias", "", "Aliases and merge keys are written out: the values stand wherever their name did.") with { Line = at.Line, Column = at.Column }
        : null;

    public void Clear()
    {
        kept.Clear();
        first = null;
    }

    public void Keep(string anchor, JsonNode? node) => kept[anchor] = node;

    /// <summary>A copy of what an alias stands for; false when it stands for nothing.</summary>
    public bool Find(string alias, int depth, int line, int column, out JsonNode? copy)
    {
        copy = null;
        if (budget is null || !kept.TryGetValue(alias, out var node))
            return false;
        budget.TakeCopy(node, depth, line, column);
        copy = node?.DeepClone();
        first ??= (line, column);
        return true;
    }

    /// <summary>Adds the members of merge keys that an object does not have itself; false when one names no object.</summary>
    public bool Merge(JsonObject members, List<JsonNode?> merged, int line, int column)
    {
        if (merged.Count > 0)
            first ??= (line, column);
        foreach (var source in merged)
        {
            var objects = source is JsonArray list ? [.. list] : new[] { source };
            if (objects.Any(one => one is not JsonObject))
                return false;
            foreach (var (name, value) in objects.SelectMany(one => (JsonObject)one!))
                if (!members.ContainsKey(name))
                    members.Add(name, value?.DeepClone());
        }
        return true;
    }

    public static bool IsCoreTag(NodeEvent node) =>
        node.Tag.IsNonSpecific || (node.Tag.Value.StartsWith(Core, StringComparison.Ordinal) && CoreTags.Contains(node.Tag.Value[Core.Length..]));

    /// <summary>True for a scalar that its tag makes a text, whatever it looks like.</summary>
    public static bool IsTextTag(Scalar scalar) => scalar.Tag.IsNonSpecific || scalar.Tag.Value == Core + "str";
}
