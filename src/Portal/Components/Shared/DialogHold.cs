using MudBlazor;

namespace Portal.Components.Shared;

/// <summary>Keeps a dialog open while what it started goes on.</summary>
internal static class DialogHold
{
    /// <summary>Whether Escape closes the dialog.</summary>
    public static Task HoldAsync(this IMudDialogInstance dialog, bool hold) => dialog.SetOptionsAsync(dialog.Options with { CloseOnEscapeKey = !hold });
}
