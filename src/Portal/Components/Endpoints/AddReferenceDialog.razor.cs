using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Certificates;
using Portal.Changes;
using Portal.Components.Layout;
using Portal.Drafts;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Resources;

namespace Portal.Components.Endpoints;

public sealed partial class AddReferenceDialog(SecretChanges secrets, BrowserInfo browser)
{
    private string _synced = "";
    private bool _create;
    private string _picked = "";
    private string _name = "";
    private string _value = "";
    private DateOnly? _active;
    private DateOnly? _expires;
    private IReadOnlyList<CertificateFacts> _found = [];
    private Finding? _problem;
    private readonly ChangeWaiting _waiting = new();

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    [Parameter, EditorRequired] public SecretEntryField Entry { get; set; } = null!;

    [Parameter, EditorRequired] public References References { get; set; } = References.None;

    /// <summary>The synced secret of the endpoint; empty when none is named yet.</summary>
    [Parameter] public string? SyncedName { get; set; }

    /// <summary>Name to begin with when none is named yet.</summary>
    [Parameter, EditorRequired] public string SuggestedName { get; set; } = "";

    private bool Exists => References.Vault.Any(secret => secret.Name == _name.Trim());

    /// <summary>The synced secret that got the reference; null when the dialog was cancelled.</summary>
    public static async Task<string?> AskAsync(IDialogService dialogs, SecretEntryField entry, References references, string? syncedName, string suggestedName)
    {
        var reference = await dialogs.ShowAsync<AddReferenceDialog>(null, new DialogParameters<AddReferenceDialog>
        {
            { dialog => dialog.Entry, entry },
            { dialog => dialog.References, references },
            { dialog => dialog.SyncedName, syncedName },
            { dialog => dialog.SuggestedName, suggestedName },
        });
        return (await reference.Result)?.Data as string;
    }

    protected override void OnInitialized()
    {
        _synced = SyncedName is { Length: > 0 } ? SyncedName : SuggestedName;
        _create = References.Vault.Count == 0;
        _name = SecretChanges.VaultName(_synced, Entry.Key);
    }

    private static string Pressed(bool on) => on ? "true" : "false";

    private void SetValue(string? value)
    {
        _value = value ?? "";
        _found = Entry.IsPem && !Entry.Matches("client_key.pem") ? PemCertificates.Read(_value) : [];
        // A certificate says itself when it ends.
        if (_found.Count > 0)
            _expires = DateOnly.FromDateTime(_found.Min(certificate => certificate.NotAfter).UtcDateTime);
    }

    private async Task SaveAsync()
    {
        _problem = CheckNames() ?? (_create ? PemRules.Check(Entry, _value) : null);
        if (_problem is null && _create)
            _problem = StoreFailure.Of(await _waiting.ForAsync(waited => secrets.SetVaultAsync(_name.Trim(), new SecretValue(_value), At(_active), At(_expires), waited)));
        _problem ??= StoreFailure.Of(await _waiting.ForAsync(waited => secrets.AddReferenceAsync(_synced.Trim(), Entry.Key, _create ? _name.Trim() : _picked, waited)));
        if (_problem is null)
            Dialog.Close(DialogResult.Ok(_synced.Trim()));
    }

    private Finding? CheckNames()
    {
        if (!NameRules.IsKubernetesName(_synced.Trim()))
            return Finding.Error("reference-name", "", Text.Reference_SyncedInvalid, Text.Reference_SyncedFix);
        if (!_create)
            return _picked.Length > 0 ? null : Finding.Error("nothing-picked", "", Text.Reference_NothingPicked, Text.Reference_NothingPickedFix);
        return _name.Trim() is { Length: > 0 and <= 127 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? null
            : Finding.Error("secret-name", "", Text.Reference_NameInvalid, Text.Reference_NameFix);
    }

    private DateTimeOffset? At(DateOnly? day)
    {
        if (day is not { } date)
            return null;
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, browser.TimeZone.GetUtcOffset(midnight));
    }
}
