using Microsoft.JSInterop;

namespace Portal.Components.Layout;

/// <summary>Widths of the design: phone from 0, tablet from 720, desktop from 1101, wide from 1800 px.</summary>
public enum ScreenWidth
{
    Phone,
    Tablet,
    Desktop,
    Wide,
}

/// <summary>What only the browser knows (theme, time zone, width), kept for one circuit; and the portal's script module.</summary>
public sealed class BrowserInfo(IJSRuntime js) : IAsyncDisposable
{
    private readonly Lazy<Task<IJSObjectReference>> _module = new(() => js.InvokeAsync<IJSObjectReference>("import", "./js/portal.js").AsTask());
    private DotNetObjectReference<BrowserInfo>? _self;

    /// <summary>Raised when theme or width changed; subscribers render with InvokeAsync.</summary>
    public event Action? Changed;

    /// <summary>False until the browser answered; nothing that depends on it should render before.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>The user's choice: light, dark or system.</summary>
    public string Theme { get; private set; } = "system";

    public bool IsDark { get; private set; }

    /// <summary>The browser's own random id, by which it finds its drafts again. It names nobody and opens nothing.</summary>
    public string Id { get; private set; } = "";

    /// <summary>Name of the target that was chosen in this browser; null = none was.</summary>
    public string? Target { get; private set; }

    public bool Rail { get; private set; }

    public ScreenWidth Width { get; private set; } = ScreenWidth.Desktop;

    public bool IsPhone => Width == ScreenWidth.Phone;

    public TimeZoneInfo TimeZone { get; private set; } = TimeZoneInfo.Utc;

    public async Task StartAsync()
    {
        _self = DotNetObjectReference.Create(this);
        BrowserChanged(await (await _module.Value).InvokeAsync<Facts>("start", _self));
    }

    [JSInvokable]
    public void BrowserChanged(Facts facts)
    {
        Theme = facts.Theme;
        IsDark = facts.IsDark;
        Id = facts.Id;
        Rail = facts.Rail;
        Target = facts.Target;
        Width = Enum.TryParse<ScreenWidth>(facts.Width, out var width) ? width : ScreenWidth.Desktop;
        TimeZone = TimeZoneInfo.TryFindSystemTimeZoneById(facts.TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;
        IsKnown = true;
        Changed?.Invoke();
    }

    public Task SetThemeAsync(string choice) => CallAsync("setTheme", choice);

    public async Task SetRailAsync(bool rail)
    {
        Rail = rail;
        await CallAsync("setRail", rail);
    }

    public Task CopyAsync(string text) => CallAsync("copy", text);

    public async Task DownloadAsync(string fileName, string contentType, Stream content)
    {
        using var reference = new DotNetStreamReference(content, leaveOpen: true);
        await CallAsync("download", fileName, contentType, reference);
    }

    /// <summary>Loads another address as a whole; the browser asks before work is lost.</summary>
    public Task OpenAsync(string url) => CallAsync("open", url);

    /// <summary>Scrolls the element into view and focuses it.</summary>
    public Task FocusAsync(string elementId) => CallAsync("focus", elementId);

    /// <summary>Focuses the box that a dialog is for, once the dialog is rendered.</summary>
    public Task FocusInDialogAsync(string elementId) => CallAsync("focusInDialog", elementId);

    public Task ScrollToAsync(string elementId) => CallAsync("scrollTo", elementId);

    public async ValueTask DisposeAsync()
    {
        _self?.Dispose();
        if (!_module.IsValueCreated)
            return;
        try
        {
            await (await _module.Value).DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and the module with it.
        }
    }

    private async Task CallAsync(string function, params object?[] args) =>
        await (await _module.Value).InvokeVoidAsync(function, args);

    /// <summary>What portal.js reports.</summary>
    public sealed record Facts(string Theme, bool IsDark, string TimeZone, string Width, bool Rail, string Id = "", string? Target = null);
}
