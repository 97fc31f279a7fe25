using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Changes;
using Portal.Components.Pages;
using Portal.Drafts;
using Portal.Model.Endpoints;
using Portal.Tests.Fakes;
using Portal.Tests.Ui;

namespace Portal.Tests.Endpoints;

/// <summary>The endpoint page over stores in memory; fields are found by their label, as a user does.</summary>
public abstract class EndpointPageContext : UiContext
{
    protected EndpointPageContext()
    {
        Secrets = new FakeSecretStore(Time);
        Services.AddSingleton<Model.Ports.IResourceStore>(Store);
        Services.AddSingleton<Model.Ports.ISecretStore>(Secrets);
        Services.AddSingleton<Model.Ports.IConfigMapStore>(ConfigMaps);
        Services.AddSingleton<Model.Ports.IActivityLog>(Activity);
        Services.AddSingleton<ResourceChanges>();
        Services.AddSingleton<SecretChanges>();
        Services.AddSingleton<DraftStore>();
    }

    protected FakeResourceStore Store { get; } = new();

    protected FakeSecretStore Secrets { get; }

    protected FakeConfigMapStore ConfigMaps { get; } = new();

    protected FakeActivityLog Activity { get; } = new();

    protected IRenderedComponent<MudDialogProvider> Dialogs { get; private set; } = null!;

    protected IRenderedComponent<MudSnackbarProvider> Snackbars { get; private set; } = null!;

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    protected static DataflowEndpoint Line3 { get; } = EndpointKind.CustomMqtt.New("line3-broker") with
    {
        Settings = new MqttSettings
        {
            Host = "mqtt.line3.leipzig.example:8883",
            Authentication = new Authentication.X509Certificate("line3-cert-2025"),
            Tls = new TlsSettings { Mode = OperationalMode.Enabled },
            MaxInflightMessages = 100,
        },
    };

    protected IRenderedComponent<EndpointPage> OpenNew(EndpointKind kind, string? from = null) =>
        Open($"/endpoints/new/{kind.Id}{(from is null ? "" : $"?from={from}")}", part => part.Add(page => page.KindId, kind.Id));

    protected IRenderedComponent<EndpointPage> OpenStored(DataflowEndpoint endpoint, string? tab = null)
    {
        Store.PutOutside(endpoint);
        return OpenName(endpoint.Name, tab);
    }

    protected IRenderedComponent<EndpointPage> OpenName(string name, string? tab = null) =>
        Open($"/endpoints/{name}{(tab is null ? "" : $"?tab={tab}")}", part => part.Add(page => page.Name, name));

    private IRenderedComponent<EndpointPage> Open(string address, Action<ComponentParameterCollectionBuilder<EndpointPage>> parameters)
    {
        if (Dialogs is null)
        {
            Browser();
            Render<MudPopoverProvider>();
            Dialogs = Render<MudDialogProvider>();
            Snackbars = Render<MudSnackbarProvider>();
        }
        Navigation.NavigateTo(address);
        return Render(parameters);
    }

    /// <summary>Returns when the page has heard of it, though something else may be drawn at the moment.</summary>
    protected void ShowTab(string tab) =>
        Renderer.Dispatcher.InvokeAsync(() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("tab", tab))).GetAwaiter().GetResult();

    /// <summary>The control with exactly this label.</summary>
    protected static IElement Field(IRenderedComponent<IComponent> part, string label)
    {
        var labels = part.FindAll("label").Where(element => element.TextContent.Trim() == label).ToList();
        var found = Assert.Single(labels);
        return part.Find("#" + found.GetAttribute("for"));
    }

    protected static bool HasField(IRenderedComponent<IComponent> part, string label) => part.FindAll("label").Any(element => element.TextContent.Trim() == label);

    protected static IElement Button(IRenderedComponent<IComponent> part, string words) =>
        Assert.Single(part.FindAll("button"), button => button.TextContent.Trim() == words || button.GetAttribute("aria-label") == words);

    /// <summary>What stands beside a field: its messages.</summary>
    protected static string MessageOf(IRenderedComponent<IComponent> part, string label) =>
        part.Find($"#{Field(part, label).Id}-msg").TextContent;

    protected static IReadOnlyList<string> Labels(IRenderedComponent<IComponent> part) => [.. part.FindAll(".formcol .lab label").Select(label => label.TextContent.Trim())];
}
