using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Resources;

namespace Portal.Drafts;

/// <summary>Why a change was not made, in words for people.</summary>
public static class StoreFailure
{
    /// <summary>The outcome of a change of a resource, on its page, that nobody waits for any longer.</summary>
    public static StoreResult Stopped { get; } = new StoreResult.Unavailable(Text.Wait_Stopped, Text.Wait_StoppedFix);

    /// <summary>The outcome of a deletion that nobody waits for any longer.</summary>
    public static StoreResult StoppedDeletion { get; } = new StoreResult.Unavailable(Text.Wait_Stopped, Text.Wait_StoppedDeletion);

    /// <summary>The outcome of a change of what only a list shows, a secret or a profile, that nobody waits for any longer.</summary>
    public static StoreResult StoppedInList { get; } = new StoreResult.Unavailable(Text.Wait_Stopped, Text.Wait_StoppedList);

    /// <summary>The first thing to say of a result; null when the change was made.</summary>
    public static Finding? Of(StoreResult result) => result switch
    {
        StoreResult.Saved => null,
        StoreResult.Denied denied => Finding.Error("denied", "", denied.Message, denied.Fix),
        StoreResult.Unavailable unavailable => Finding.Error("unavailable", "", unavailable.Message, unavailable.Fix),
        StoreResult.Invalid { Findings: [var first, ..] } => first,
        StoreResult.Owned { Fields: [var first, ..] } owned => Finding.Error(
            "field-owned", first.Path, Text.Store_Owned.With(first.Path, first.Manager, owned.Fields.Count), Text.Store_OwnedFix),
        StoreResult.Conflict { Current: null } => Finding.Error("gone", "", Text.Store_Gone, Text.Store_GoneFix),
        StoreResult.Conflict => Finding.Error("conflict", "", Text.Store_Conflict, Text.Store_ConflictFix),
        _ => Finding.Error("refused", "", Text.Store_Refused, Text.Store_RefusedFix),
    };
}
