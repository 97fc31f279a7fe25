using System.Text.Json.Nodes;

namespace Portal.Model.Documents.Import;

/// <summary>Repairs that hold for every kind: the names of members, then their values. What it does not know it leaves, and says so.</summary>
internal sealed class ShapeRepair(ImportTree tree, KnownShape shape)
{
    private const int MostTextLength = 65_536;

    private static readonly string[] SecretNames = ["password", "passwd", "sharedAccessKey", "connectionString", "accessKey", "clientSecret", "privateKey"];

    private bool inValues;

    /// <summary>Names in any case and with one slip become the known ones; a bare word of Bicep where a value is one of a few becomes that text.</summary>
    public void Names() => Members(tree.Root, tree.Position, TextPath.Root, "");

    /// <summary>Values in any case, numbers in quotes, placeholders, and what a template does not tell.</summary>
    public void Values()
    {
        inValues = true;
        Members(tree.Root, tree.Position, TextPath.Root, "");
    }

    /// <summary>Walks an object; a pattern of null stands for a part whose members nobody knows.</summary>
    private void Members(JsonObject parent, TextPosition? at, TextPath path, string? pattern)
    {
        if (pattern is null || !shape.Names.Knows(pattern))
            pattern = null;
        else if (!inValues)
            NamesOf(parent, at, path, pattern);
        foreach (var (name, value) in parent.ToArray())
        {
            var below = pattern is null || !shape.Names.IsKnown(pattern, name) ? null : pattern.Length == 0 ? name : pattern + "." + name;
            Value(parent, name, value, at?.Member(name), path.Member(name), below);
        }
    }

    private void Value(JsonObject parent, string name, JsonNode? value, TextPosition? at, TextPath path, string? pattern)
    {
        switch (value)
        {
            // Nothing is written for a member that is not set.
            case null when pattern is not null && inValues:
                parent.Remove(name);
                break;
            case JsonObject child:
                Members(child, at, path, pattern);
                break;
            case JsonArray items:
                Items(items, at, path, pattern is null ? null : pattern + "[]");
                break;
            case JsonValue when ImportSource.TextOf(value) is { } text:
                if (!inValues)
                    BareWord(parent, name, text, path, pattern);
                else if (Text(text, name, path, pattern) is var repaired && !ReferenceEquals(repaired, Same))
                    Replace(parent, name, repaired);
                break;
        }
    }

    private void Items(JsonArray items, TextPosition? at, TextPath path, string? pattern)
    {
        for (var index = 0; index < items.Count; index++)
        {
            if (items[index] is JsonObject item)
                Members(item, at?.Item(index), path.Item(index), pattern);
            else if (items[index] is JsonArray list)
                Items(list, at?.Item(index), path.Item(index), null);
            else if (inValues && ImportSource.TextOf(items[index]) is { } text && Text(text, "", path.Item(index), pattern) is var repaired && !ReferenceEquals(repaired, Same))
                items[index] = repaired;
        }
    }

    private static void Replace(JsonObject parent, string name, JsonNode? repaired)
    {
        if (repaired is null)
            parent.Remove(name);
        else
            parent[name] = repaired;
    }

    private void NamesOf(JsonObject parent, TextPosition? at, TextPath path, string pattern)
    {
        if (pattern.StartsWith("spec", StringComparison.Ordinal))
            LeaveSecrets(parent, path);
        foreach (var given in parent.Select(member => member.Key).Where(name => !shape.Names.IsKnown(pattern, name)).ToArray())
        {
            var misspelt = shape.Names.Misspelt(pattern, given);
            var right = misspelt ?? shape.Names.Nearest(pattern, given);
            if (right is null)
                tree.Warn("unknown-member", path.Member(given).ToString(), $"The member '{Shorten(given)}' is not known: it is kept, and has no effect here.", Shorten(given), fix: "Correct or remove it.");
            else if (parent.ContainsKey(right))
                tree.Error("duplicate-member", path.Member(given).ToString(), $"'{given}' and '{right}' are the same member.", "Remove one of them.", given);
            else
            {
                tree.Warn(
                    misspelt is null ? "member-typo" : "member-case", path.Member(given).ToString(),
                    misspelt is null ? $"The member '{given}' is not known; it is taken for '{right}'." : $"The member '{given}' is spelt '{right}': Azure and Kubernetes ignore or refuse it otherwise.", given, right);
                ImportTree.Rename(parent, at, given, right);
            }
        }
    }

    /// <summary>Takes out members that hold the value of a secret, so that nothing shows them.</summary>
    private void LeaveSecrets(JsonObject parent, TextPath path)
    {
        var secrets = parent.Select(member => member.Key).Where(name => SecretNames.Contains(name, StringComparer.OrdinalIgnoreCase)).ToHashSet();
        if (secrets.Count == 0)
            return;
        foreach (var name in secrets)
            tree.Error("secret-in-document", path.Member(name).ToString(), $"'{name}' is the value of a secret: it does not belong into this document and is left out.", "Keep the value in the vault and name the synced secret as secretRef.");
        var others = parent.Where(member => !secrets.Contains(member.Key)).ToArray();
        parent.Clear();
        foreach (var (name, value) in others)
            parent.Add(name, value);
    }

    private void BareWord(JsonObject parent, string name, string text, TextPath path, string? pattern)
    {
        if (pattern is null || shape.ValuesOf(pattern) is not { } values || !UnknownValue.IsName(text, out var word) || !values.Contains(word, StringComparer.OrdinalIgnoreCase))
            return;
        tree.Warn("bicep-bare-word", path.ToString(), $"{word} stands without quotes, which Bicep reads as the name of something: the text is meant.", word, $"'{word}'");
        parent[name] = word;
    }

    /// <summary>What stands for a text that needs no repair.</summary>
    private static readonly JsonNode Same = JsonValue.Create("");

    /// <summary>The repaired value, null to leave it out, <see cref="Same"/> when there is nothing to repair.</summary>
    private JsonNode? Text(string text, string name, TextPath path, string? pattern)
    {
        var values = pattern is null ? null : shape.ValuesOf(pattern);
        var isNumber = pattern is not null && shape.IsNumber(pattern);
        if (UnknownValue.IsIn(text))
        {
            Unknown(text, path);
            return values is null && !isNumber ? JsonValue.Create(UnknownValue.Show(text)) : null;
        }
        if (text.Length > MostTextLength)
        {
            tree.Error("text-long", path.ToString(), $"The text has more than {MostTextLength} characters; it is left out.", "Write a shorter text.");
            return null;
        }
        if (text.Contains("SharedAccessKey=", StringComparison.OrdinalIgnoreCase) || text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            tree.Error("secret-in-document", path.ToString(), "The text holds a key: it does not belong into this document and is left out.", "Keep it in the vault and name the synced secret as secretRef.");
            return null;
        }
        if (Placeholder(text, name, path))
            return values is null && !isNumber ? Same : null;
        if (isNumber && text.Length is > 0 and < 19 && text.All(char.IsAsciiDigit))
        {
            tree.Warn("value-type", path.ToString(), $"The number {text} stands in quotes; the member takes a number.", $"\"{text}\"", text);
            return JsonValue.Create(long.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        }
        return values is null ? Same : Choice(text, values, path, pattern!);
    }

    private JsonNode Choice(string text, IReadOnlyList<string> values, TextPath path, string pattern)
    {
        if (values.Contains(text))
            return Same;
        if (pattern == "spec.kafkaSettings.kafkaAcks" && text.Equals("None", StringComparison.OrdinalIgnoreCase))
        {
            tree.Warn("acks-none", path.ToString(), "kafkaAcks has no value None: Zero is the one that waits for no acknowledgment.", text, "Zero");
            return JsonValue.Create("Zero");
        }
        if (values.FirstOrDefault(value => value.Equals(text, StringComparison.OrdinalIgnoreCase)) is not { } right)
            return Same;
        tree.Warn("value-case", path.ToString(), $"The value '{text}' is spelt '{right}'.", text, right);
        return JsonValue.Create(right);
    }

    private bool Placeholder(string text, string name, TextPath path)
    {
        // Expressions compare with < and >, and topics have variables of their own.
        if (name == "expression" || Placeholders.Find(text, isTopic: name == "dataDestination") is not { } placeholder)
            return false;
        var where = path.ToString();
        if (where.StartsWith("metadata.labels", StringComparison.Ordinal) || where.StartsWith("metadata.annotations", StringComparison.Ordinal))
            tree.Warn("placeholder", where, $"The placeholder {placeholder} is not filled in.", Shorten(text), fix: "Write the value itself.");
        else
            tree.Error("placeholder", where, $"The placeholder {placeholder} is not filled in.", "Write the value itself.", Shorten(text));
        return true;
    }

    private void Unknown(string text, TextPath path)
    {
        var (what, named) = UnknownValue.First(text);
        switch (what)
        {
            case UnknownValue.Parameter:
                tree.Error("parameter-unset", path.ToString(), $"The parameter '{named}' has no default value here.", "Write the value itself, or give the parameter a default value.", named);
                break;
            case UnknownValue.Name:
                tree.Error("name-undeclared", path.ToString(), $"'{named}' is nowhere declared.", $"Write '{named}' in quotes if the text is meant, or declare it.", named);
                break;
            default:
                tree.Error("expression-unknown", path.ToString(), $"The value of {named} is not known here.", "Write the value itself.", named);
                break;
        }
    }

    private static string Shorten(string text) => text.Length > 100 ? text[..100] + "..." : text;
}
