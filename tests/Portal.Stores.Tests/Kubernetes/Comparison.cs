using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>Compares a recorded answer with one of the server: equal but for uids, versions and times, which must agree among themselves.</summary>
internal sealed partial class Comparison
{
    private readonly Dictionary<string, string> actualOf = new(StringComparer.Ordinal);

    /// <summary>Says that a value of the recording stands for one of the server.</summary>
    public void Bind(string recorded, string actual) => actualOf[recorded] = actual;

    public string? Actual(string recorded) => actualOf.GetValueOrDefault(recorded);

    /// <summary>A text of the recording with uids, versions and tokens of the server.</summary>
    public string Translate(string text)
    {
        foreach (var (recorded, actual) in actualOf.Where(pair => pair.Key.Length > 20))
            text = text.Replace(recorded, actual, StringComparison.Ordinal);
        return VersionMember().Replace(text, match => match.Groups[1].Value + (Actual(match.Groups[2].Value) ?? match.Groups[2].Value));
    }

    /// <summary>The differences, each with its path.</summary>
    public IEnumerable<string> Differences(JsonNode? recorded, JsonNode? actual, string path = "", bool isCut = false)
    {
        if (recorded is JsonObject left && actual is JsonObject right)
        {
            isCut |= left.ContainsKey("...");
            foreach (var name in left.Select(member => member.Key).Union(isCut ? [] : right.Select(member => member.Key)).Where(name => name != "...").ToList())
            {
                if (!right.ContainsKey(name) && left[name] is not null)
                    yield return $"{path}.{name}: missing, recorded {Short(left[name])}";
                else if (!left.ContainsKey(name))
                    yield return $"{path}.{name}: not recorded, is {Short(right[name])}";
                else
                    foreach (var difference in Differences(left[name], right[name], $"{path}.{name}", isCut))
                        yield return difference;
            }
        }
        else if (recorded is JsonArray first && actual is JsonArray second)
        {
            if (first.Count != second.Count)
                yield return string.Create(CultureInfo.InvariantCulture, $"{path}: {first.Count} items recorded, {second.Count} are there: {Short(actual)}");
            var (sortedFirst, sortedSecond) = (Ordered(first, path), Ordered(second, path));
            for (var index = 0; index < Math.Min(first.Count, second.Count); index++)
                foreach (var difference in Differences(sortedFirst[index], sortedSecond[index], string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"), isCut))
                    yield return difference;
        }
        else if (!Same(recorded, actual, path))
        {
            yield return $"{path}: recorded {Short(recorded)}, is {Short(actual)}";
        }
    }

    [GeneratedRegex("(\"resourceVersion\"\\s*:\\s*\"|resourceVersion\",\\s*\"value\"\\s*:\\s*\"|resourceVersion: ')(\\d+)(?=[\"'])")]
    private static partial Regex VersionMember();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")]
    private static partial Regex Time();

    [GeneratedRegex(@"(?<=resource version: \d*|\(|current: |ResourceVersion in record \()\d+(?=\)|$)|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|(?<=resourceVersion.{5})\d+")]
    private static partial Regex Varying();

    [GeneratedRegex(@"^\d+s$")]
    private static partial Regex Age();

    // Neither owners nor causes come in a fixed order.
    private static List<JsonNode?> Ordered(JsonArray list, string path) =>
        path.EndsWith(".managedFields", StringComparison.Ordinal) ? [.. list.OrderBy(entry => $"{entry!["manager"]} {entry["operation"]} {entry["subresource"]}", StringComparer.Ordinal)]
        : path.EndsWith(".causes", StringComparison.Ordinal) ? [.. list.OrderBy(entry => $"{entry!["field"]} {entry["reason"]} {entry["message"]}", StringComparer.Ordinal)]
        : [.. list];

    private bool Same(JsonNode? recorded, JsonNode? actual, string path)
    {
        if (Text(recorded) is not { } left || Text(actual) is not { } right)
            return JsonNode.DeepEquals(recorded, actual);
        if (left == right || actualOf.GetValueOrDefault(left) == right || (Time().IsMatch(left) && Time().IsMatch(right)) || (Age().IsMatch(left) && Age().IsMatch(right)))
            return true;
        var member = path[(path.LastIndexOf('.') + 1)..];
        if (member is "uid" or "resourceVersion" or "continue" && right.Length > 0 && left.Length > 0)
        {
            // The first time it tells what the value is; from then on it must be that.
            if (actualOf.TryGetValue(left, out var known))
                return known == right;
            if (actualOf.ContainsValue(right))
                return false;
            actualOf[left] = right;
            return true;
        }
        // A name that the server made.
        if (path.EndsWith("metadata.name", StringComparison.Ordinal) && left.Length > 5 && left.Length == right.Length && left[..^5] == right[..^5])
            return actualOf.TryAdd(left, right);
        return (member is "message" && Words(Translate(left)).SequenceEqual(Words(right)));
    }

    private static IEnumerable<string> Words(string message) => Varying().Replace(message, "#").Split([", ", "\n", ": ", "[", "]"], StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal);

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;

    private static string Short(JsonNode? node) => node?.ToJsonString() is { } text ? text[..Math.Min(text.Length, 400)] : "null";
}
