using System.Text.RegularExpressions;

namespace Portal.Model.Validation;

/// <summary>Names of resources (Azure: 3 to 63 characters) and of Kubernetes objects (RFC 1123 subdomain).</summary>
public static partial class NameRules
{
    [GeneratedRegex("^[a-z0-9][a-z0-9-]*[a-z0-9]\\z")]
    private static partial Regex ResourceName();

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\\z")]
    private static partial Regex Subdomain();

    /// <summary>Checks the name of an endpoint, dataflow or profile; null = fine.</summary>
    public static Finding? CheckResourceName(string? name)
    {
        const string path = "metadata.name";
        if (string.IsNullOrWhiteSpace(name))
            return Finding.Error("name-missing", path, "The name is missing.", "Write 3 to 63 characters of a-z, 0-9 and hyphen, for example line3-broker.");
        if (name.Contains('<', StringComparison.Ordinal) || name.Contains("${", StringComparison.Ordinal))
            return Finding.Error("placeholder", path, $"The name still holds the placeholder '{name}'.", "Write the name, for example line3-broker.");
        if (name.Length is < 3 or > 63)
            return Finding.Error("name-length", path, $"The name has {name.Length} characters, 3 to 63 are allowed.", "Write a name such as line3-broker.");
        if (!ResourceName().IsMatch(name))
            return Finding.Error("name-characters", path, $"The name '{name}' holds characters that are not allowed.", $"Use a-z, 0-9 and hyphen, and start and end with a letter or digit, for example {Suggest(name)}.");
        return null;
    }

    /// <summary>True for the name of a Kubernetes secret or config map.</summary>
    public static bool IsKubernetesName(string name) => name.Length is > 0 and <= 253 && Subdomain().IsMatch(name);

    /// <summary>A valid name that is near to a text.</summary>
    public static string Suggest(string text)
    {
        var kept = new string([.. text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')]).Trim('-');
        while (kept.Contains("--", StringComparison.Ordinal))
            kept = kept.Replace("--", "-", StringComparison.Ordinal);
        kept = kept.Length > 63 ? kept[..63].Trim('-') : kept;
        return kept.Length < 3 ? "line3-broker" : kept;
    }
}
