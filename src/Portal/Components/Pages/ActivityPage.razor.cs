using Microsoft.AspNetCore.Components;
using Portal.Components.Activity;
using Portal.Components.Layout;
using Portal.Components.Lists;
using Portal.Components.Shared;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Pages;

/// <summary>Who did what and when, the newest first, with the difference and a way back.</summary>
public sealed partial class ActivityPage
{
    private static readonly IReadOnlyList<FilterMenu.Option> KindOptions = [.. ActivityFilter.Kinds.Select(kind => new FilterMenu.Option(kind, ActivityItem.KindWords(kind)))];

    private static readonly IReadOnlyList<FilterMenu.Option> ActionOptions =
        [.. Enum.GetValues<ActivityAction>().Select(action => new FilterMenu.Option(action.ToString(), Text.Get("Activity_Action" + action)))];

    private ActivityFilter _filter = new();
    private List<ActivityEntry>? _entries;
    private long? _next;
    private bool _busy;

    [Inject] private IActivityLog Log { get; set; } = null!;

    [Inject] private ActivityUndo Undo { get; set; } = null!;

    [Inject] private BrowserInfo Browser { get; set; } = null!;

    [Inject] private NavigationManager Navigation { get; set; } = null!;

    private ActivityPages Pages => new(Log);

    protected override Task OnInitializedAsync()
    {
        _filter = ActivityFilter.FromAddress(Navigation.Uri);
        return base.OnInitializedAsync();
    }

    protected override void Watch() => Log.Appended += Appended;

    protected override void Unwatch() => Log.Appended -= Appended;

    /// <summary>The first page; later ones that were loaded already stay below it.</summary>
    protected override async Task LoadAsync(CancellationToken cancellationToken)
    {
        var (entries, next) = await Pages.ReadAsync(_filter, null, cancellationToken);
        if (_entries is not { Count: > ActivityPages.PageSize } shown || entries.Count == 0 || !shown.Exists(entry => entry.Id == entries[^1].Id))
        {
            (_entries, _next) = ([.. entries], next);
            return;
        }
        _entries = [.. entries, .. shown.Where(entry => entry.Id < entries[^1].Id)];
    }

    private async Task MoreAsync()
    {
        if (_busy || _next is not { } next)
            return;
        _busy = true;
        try
        {
            var (entries, further) = await Pages.ReadAsync(_filter, next, Left);
            _entries = [.. _entries ?? [], .. entries];
            _next = further;
        }
        finally
        {
            _busy = false;
        }
    }

    private async Task ShowAsync(ActivityFilter filter)
    {
        _filter = filter;
        (_entries, _next) = (null, null);
        var query = filter.ToQuery();
        Navigation.NavigateTo(PortalUrls.Activity + (query.Length == 0 ? "" : "?" + query), replace: true);
        await LoadAsync(Left);
    }

    private Task SetActionAsync(string? action) => ShowAsync(_filter with { Action = action is null ? null : Enum.Parse<ActivityAction>(action) });

    private Task UndoAsync(ActivityEntry entry) => Undo.RunAsync(entry, Left);

    private DateOnly DayOf(ActivityEntry entry) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(entry.At, Browser.TimeZone).DateTime);

    private string DayWords(DateOnly day)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Time.GetUtcNow(), Browser.TimeZone).DateTime);
        return day == today ? Text.Activity_Today : day == today.AddDays(-1) ? Text.Activity_Yesterday : Ages.Date(new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero));
    }

    private void Appended(ActivityEntry entry) => Reload();
}
