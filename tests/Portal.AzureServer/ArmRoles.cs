using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.AzureServer;

/// <summary>Which role assignments a list holds.</summary>
internal static partial class ArmRoles
{
    [GeneratedRegex(@"^(principalId eq|assignedTo\()\s*'(?<id>[^']+)'\)?\z")]
    private static partial Regex Filter();

    /// <summary>At, above or below the scope of the list, and of the principal that the filter names.</summary>
    public static bool IsListed(string assigned, string asked, JsonObject assignment, string? filter)
    {
        static bool IsWithin(string inner, string outer) => (inner + "/").StartsWith(outer + "/", StringComparison.OrdinalIgnoreCase);
        if (!IsWithin(asked, assigned) && !IsWithin(assigned, asked))
            return false;
        return filter is null || (Filter().Match(filter) is { Success: true } match && (string?)assignment["properties"]?["principalId"] == match.Groups["id"].Value);
    }
}
