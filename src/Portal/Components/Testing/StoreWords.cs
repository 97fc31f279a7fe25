using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Testing;

/// <summary>Why a store did not save, in words; null when it did.</summary>
internal static class StoreWords
{
    public static string? Problem(StoreResult result) => result switch
    {
        StoreResult.Saved => null,
        StoreResult.Denied denied => $"{denied.Message} {denied.Fix}",
        StoreResult.Unavailable unavailable => $"{unavailable.Message} {unavailable.Fix}",
        StoreResult.Invalid invalid => string.Join(" ", invalid.Findings.Select(finding => $"{finding.Message} {finding.Fix}")),
        _ => Text.Trust_Conflict,
    };
}
