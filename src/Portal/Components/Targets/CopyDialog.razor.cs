using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Changes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Targets;

namespace Portal.Components.Targets;

/// <summary>Copies resources to another target, with what they need there, after a look at what differs.</summary>
public sealed partial class CopyDialog
{
    private IReadOnlyList<CopyItem>? _items;
    private IReadOnlyList<StoredResource> _needed = [];
    private Target? _there;
    private bool _brings = true;
    private bool _keepsMode = true;
    private bool _busy;
    private bool _done;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    [Inject] private TargetSet All { get; set; } = null!;

    [Inject] private TargetScope Scope { get; set; } = null!;

    [Parameter, EditorRequired] public IReadOnlyList<StoredResource> Resources { get; set; } = [];

    /// <summary>Name of the target to begin with; null = the first other one.</summary>
    [Parameter] public string? To { get; set; }

    private string Title => Resources is [var one] ? Text.Copy_TitleOne.With(one.Value.Name)
        : Resources.All(stored => stored.Value.Kind is ResourceKind.DataflowEndpoint) ? Text.Copy_Title.With(Resources.Count)
        : Resources.All(stored => stored.Value.Kind is ResourceKind.Dataflow) ? Text.Copy_TitleFlows.With(Resources.Count)
        : Text.Copy_TitleAll.With(Resources.Count);

    private IEnumerable<Target> Others => All.All.Where(target => target != Scope.Target);

    private bool Runs => Resources.Any(stored => stored.Value is Dataflow { IsEnabled: true });

    private IReadOnlyList<CopyItem> Open => [.. (_items ?? []).Where(item => item.State is not CopyState.Same)];

    private string Summary => _done
        ? Text.Copy_Done.With(_items!.Count(item => item.Outcome is StoreResult.Saved), _items!.Count(item => item.Outcome is not (null or StoreResult.Saved)))
        : Text.Copy_Summary.With(Count(CopyState.OnlyHere), Count(CopyState.Differs), Count(CopyState.Same));

    /// <summary>Opens the dialog; true when something was copied.</summary>
    public static async Task<bool> AskAsync(IDialogService dialogs, IReadOnlyList<StoredResource> resources, string? to = null)
    {
        if (resources.Count == 0)
            return false;
        var reference = await dialogs.ShowAsync<CopyDialog>(null, new DialogParameters<CopyDialog> { { dialog => dialog.Resources, resources }, { dialog => dialog.To, to } });
        return (await reference.Result)?.Data is true;
    }

    protected override Task OnInitializedAsync() => CompareAsync(All.Find(To) ?? Others.First());

    private Task ChooseAsync(ChangeEventArgs e) => CompareAsync(All.Find((string?)e.Value)!);

    private async Task CompareAsync(Target there)
    {
        (_there, _items) = (there, null);
        var needed = await TargetCopies.NeededAsync(Resources, Scope.Target, there);
        if (_there != there)
            return;
        _needed = needed;
        await PlanAsync(_brings, _keepsMode);
    }

    private async Task PlanAsync(bool brings, bool keepsMode)
    {
        (_brings, _keepsMode) = (brings, keepsMode);
        var there = _there!;
        var items = await TargetCopies.PlanAsync(brings ? [.. _needed, .. Resources] : Resources, there, keepsMode);
        if ((_there, _brings, _keepsMode) == (there, brings, keepsMode))
            _items = items;
    }

    private async Task CopyAsync(IReadOnlyList<CopyItem> items, bool takeOver)
    {
        _busy = true;
        foreach (var item in items)
        {
            var copied = await TargetCopies.CopyAsync(item, _there!, takeOver);
            _items = [.. _items!.Select(other => (other.Kind, other.Name) == (item.Kind, item.Name) ? copied : other)];
            StateHasChanged();
        }
        (_busy, _done) = (false, true);
    }

    private int Count(CopyState state) => _items!.Count(item => item.State == state);
}
