using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Changes;
using Portal.Drafts;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Resources;

namespace Portal.Components.Secrets;

public sealed partial class SyncedDialog(SecretChanges changes, IDialogService dialogs)
{
    private static readonly IReadOnlyList<string> KnownKeys =
        [.. Enum.GetValues<AuthenticationMethod>().SelectMany(method => SecretEntryField.For(method)).Select(field => field.Key)];

    private readonly List<Entry> _entries = [];
    private string _name = "";
    private readonly ChangeWaiting _waiting = new();
    private Finding? _problem;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    /// <summary>The synced secret to change; without a <see cref="SyncedRow.Secret"/> it is made; null = a new one.</summary>
    [Parameter] public SyncedRow? Row { get; set; }

    /// <summary>Names of the secrets of the vault.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<string> VaultNames { get; set; } = [];

    private List<string> Vault { get; set; } = [];

    private bool IsNew => Row is null;

    public static async Task AskAsync(IDialogService dialogs, SyncedRow? row, IReadOnlyList<string> vault)
    {
        var reference = await dialogs.ShowAsync<SyncedDialog>(null, new DialogParameters<SyncedDialog>
        {
            { dialog => dialog.Row, row },
            { dialog => dialog.VaultNames, vault },
        });
        await reference.Result;
    }

    protected override void OnInitialized()
    {
        _name = Row?.Name ?? "";
        Vault = [.. VaultNames];
        _entries.AddRange((Row?.Entries ?? []).Select(entry => new Entry { Key = entry.Key, Vault = entry.Vault?.Name ?? "" }));
        if (_entries.Count == 0)
            _entries.Add(new Entry());
    }

    private async Task CreateSecretAsync()
    {
        if (await VaultDialog.AskAsync(dialogs, null) is not { } name)
            return;
        if (!Vault.Contains(name))
            Vault.Add(name);
        if (_entries.Find(entry => entry.Vault.Length == 0) is { } open)
            open.Vault = name;
    }

    private async Task SaveAsync()
    {
        _problem = Check();
        if (_problem is not null)
            return;
        var secret = new SyncedSecret(_name.Trim(), _entries.ToDictionary(entry => entry.Key.Trim(), entry => entry.Vault, StringComparer.Ordinal));
        _problem = StoreFailure.Of(await _waiting.ForAsync(waited => changes.SaveSyncedAsync(secret, waited)));
        if (_problem is null)
            Dialog.Close(DialogResult.Ok(secret.Name));
    }

    private Finding? Check()
    {
        _entries.RemoveAll(entry => entry.Key.Trim().Length == 0 && entry.Vault.Length == 0);
        if (_entries.Find(entry => entry.Vault.Length == 0) is { } open)
            return Finding.Error("vault-missing", "", Text.Secrets_NoVaultChosen.With(open.Key), Text.Secrets_NoVaultChosenFix);
        return _entries.GroupBy(entry => entry.Key.Trim(), StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? Finding.Error("key-twice", "", Text.Secrets_KeyTwice.With(twice.Key), Text.Secrets_KeyTwiceFix)
            : null;
    }

    private sealed class Entry
    {
        public string Key { get; set; } = "";

        public string Vault { get; set; } = "";
    }
}
