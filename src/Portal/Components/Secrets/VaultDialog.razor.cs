using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Certificates;
using Portal.Changes;
using Portal.Components.Layout;
using Portal.Drafts;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Components.Secrets;

public sealed partial class VaultDialog(SecretChanges changes, BrowserInfo browser)
{
    private string _name = "";
    private string _value = "";
    private bool _pem;
    private readonly ChangeWaiting _waiting = new();
    private DateOnly? _active;
    private DateOnly? _expires;
    private IReadOnlyList<CertificateFacts> _found = [];
    private Finding? _problem;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    /// <summary>The secret that gets a new value; null = a new one.</summary>
    [Parameter] public VaultSecret? Secret { get; set; }

    /// <summary>Endpoints that connect with it.</summary>
    [Parameter] public IReadOnlyList<string> Users { get; set; } = [];

    /// <summary>Name of the secret that was set; null when the dialog was cancelled.</summary>
    public static async Task<string?> AskAsync(IDialogService dialogs, VaultRow? row)
    {
        var reference = await dialogs.ShowAsync<VaultDialog>(null, new DialogParameters<VaultDialog>
        {
            { dialog => dialog.Secret, row?.Secret },
            { dialog => dialog.Users, row?.Users ?? [] },
        });
        return (await reference.Result)?.Data as string;
    }

    protected override void OnInitialized()
    {
        _name = Secret?.Name ?? "";
        _active = Day(Secret?.ActivationDate);
        _expires = Day(Secret?.ExpirationDate);
    }

    private void SetForm(bool pem)
    {
        _pem = pem;
        SetValue("");
    }

    private void SetValue(string? value)
    {
        _value = value ?? "";
        _found = _pem ? PemCertificates.Read(_value) : [];
        // A certificate says itself when it ends.
        if (_found.Count > 0)
            _expires = DateOnly.FromDateTime(_found.Min(certificate => certificate.NotAfter).UtcDateTime);
    }

    private async Task SaveAsync()
    {
        _problem = null;
        _problem = StoreFailure.Of(await _waiting.ForAsync(waited => changes.SetVaultAsync(_name.Trim(), new SecretValue(_value), At(_active), At(_expires), waited)));
        if (_problem is null)
            Dialog.Close(DialogResult.Ok(_name.Trim()));
    }

    private DateOnly? Day(DateTimeOffset? at) => at is { } time ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, browser.TimeZone).DateTime) : null;

    private DateTimeOffset? At(DateOnly? day)
    {
        if (day is not { } date)
            return null;
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(midnight, browser.TimeZone.GetUtcOffset(midnight));
    }
}
