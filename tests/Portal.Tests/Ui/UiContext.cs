using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Tests.Fakes;

namespace Portal.Tests.Ui;

/// <summary>A page's surroundings without a browser: MudBlazor, a steered clock, scripts that answer nothing.</summary>
public abstract class UiContext : BunitContext
{
    // A slow machine is no failure: every wait is bounded, but generously.
    static UiContext() => DefaultWaitTimeout = TimeSpan.FromSeconds(30);

    protected UiContext()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton<TimeProvider>(Time);
        Services.AddScoped<BrowserInfo>();
        Services.AddScoped<AgeTicker>();
        Services.AddOneTarget();
    }

    protected ManualTime Time { get; } = new();

    /// <summary>Reports what a browser would: theme, zone and width.</summary>
    protected BrowserInfo Browser(string timeZone = "UTC", string width = "Desktop", bool dark = false)
    {
        var browser = Services.GetRequiredService<BrowserInfo>();
        browser.BrowserChanged(new BrowserInfo.Facts("system", dark, timeZone, width, Rail: false));
        return browser;
    }
}
