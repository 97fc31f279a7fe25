using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Changes;
using Portal.Components.Secrets;
using Portal.Components.Shared;
using Portal.Drafts;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Pages;

/// <summary>Synced secrets, the vault and config maps with their certificates: names, dates and users. No value is ever on the page.</summary>
public sealed partial class SecretsPage
{
    private SecretInventory? _inventory;
    private string _search = "";

    [Inject] private IResourceStore Store { get; set; } = null!;

    [Inject] private ISecretStore Secrets { get; set; } = null!;

    [Inject] private IConfigMapStore ConfigMaps { get; set; } = null!;

    [Inject] private SecretChanges Changes { get; set; } = null!;

    [Inject] private IDialogService Dialogs { get; set; } = null!;

    [Inject] private ISnackbar Snackbar { get; set; } = null!;

    private bool Filtered => _search.Trim().Length > 0;

    private IReadOnlyList<string> VaultNames => [.. _inventory!.Vault.Select(row => row.Secret.Name)];

    protected override void Watch()
    {
        Store.Changed += StoreChanged;
        Secrets.Changed += Reload;
        ConfigMaps.Changed += Reload;
    }

    protected override void Unwatch()
    {
        Store.Changed -= StoreChanged;
        Secrets.Changed -= Reload;
        ConfigMaps.Changed -= Reload;
    }

    protected override async Task LoadAsync(CancellationToken cancellationToken) =>
        _inventory = await SecretInventory.LoadAsync(await Store.ListAsync(cancellationToken), Secrets, ConfigMaps, cancellationToken);

    private bool Fits(IEnumerable<string?> texts)
    {
        var all = texts.ToList();
        return _search.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => all.Exists(text => text?.Contains(word, StringComparison.OrdinalIgnoreCase) is true));
    }

    /// <summary>Refuses while something refers to it, else asks and deletes.</summary>
    private async Task DeleteAsync(string name, IReadOnlyList<string> users, string what, Func<Task<StoreResult>> delete)
    {
        if (users.Count > 0)
        {
            Snackbar.Add(Text.Secrets_DeleteUsed.With(name, string.Join(", ", users)), Severity.Error);
            return;
        }
        if (!await ConfirmDialog.AskAsync(Dialogs, Text.Secrets_DeleteTitle.With(name), what, Text.Common_Delete, danger: true))
            return;
        if (StoreFailure.Of(await delete()) is { } failure)
            Snackbar.Add($"{failure.Message} {failure.Fix}", Severity.Error);
        else
            Snackbar.Add(Text.Secrets_Deleted.With(name), Severity.Success);
    }

    private void StoreChanged(StoreChange change) => Reload();
}
