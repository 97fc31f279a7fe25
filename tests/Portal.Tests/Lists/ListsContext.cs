using AngleSharp.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using Portal.Changes;
using Portal.Components.Lists;
using Portal.Drafts;
using Portal.Messaging.Flows;
using Portal.Messaging.Probes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Tests.Fakes;
using Portal.Tests.Ui;

namespace Portal.Tests.Lists;

/// <summary>The pages with lists over stores in memory and a tester that answers as it is told.</summary>
public abstract class ListsContext : UiContext
{
    protected ListsContext()
    {
        Secrets = new FakeSecretStore(Time);
        Tester = new FakeTester(Time);
        Services.AddSingleton<IResourceStore>(Store);
        Services.AddSingleton<ISecretStore>(Secrets);
        Services.AddSingleton<IConfigMapStore>(ConfigMaps);
        Services.AddSingleton<IActivityLog>(Activity);
        Services.AddSingleton<IConnectionTester>(Tester);
        Services.AddSingleton<ITestHistoryStore>(History);
        Services.AddSingleton<IFlowService>(Flows);
        Services.AddSingleton<ResourceChanges>();
        Services.AddSingleton<SecretChanges>();
        Services.AddSingleton<Exports>();
        Services.AddSingleton<Imports>();
        Services.AddSingleton<ConnectionTests>();
        Services.AddSingleton<DraftStore>();
        Services.AddLists();
    }

    /// <summary>Ends when the test is given up.</summary>
    protected static CancellationToken Ending => Xunit.TestContext.Current.CancellationToken;

    protected FakeResourceStore Store { get; } = new();

    protected FakeSecretStore Secrets { get; }

    protected FakeConfigMapStore ConfigMaps { get; } = new();

    protected FakeActivityLog Activity { get; } = new();

    protected FakeTestHistory History { get; } = new();

    protected FakeFlowService Flows { get; } = new();

    protected FakeTester Tester { get; }

    protected IRenderedComponent<MudDialogProvider> Dialogs { get; private set; } = null!;

    protected IRenderedComponent<MudSnackbarProvider> Snackbars { get; private set; } = null!;

    protected NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    protected IRenderedComponent<T> Open<T>(string address)
        where T : IComponent
    {
        Prepare(address);
        return Render<T>();
    }

    /// <summary>Everything around a page, and its address.</summary>
    protected void Prepare(string address)
    {
        if (Dialogs is null)
        {
            Browser();
            Render<MudPopoverProvider>();
            Dialogs = Render<MudDialogProvider>();
            Snackbars = Render<MudSnackbarProvider>();
        }
        Navigation.NavigateTo(address);
    }

    protected DataflowEndpoint? InStore(string name) => Store.Get(ResourceKind.DataflowEndpoint, name)?.Value as DataflowEndpoint;

    protected void Add(EndpointKind kind, string name, string host, Authentication? authentication = null, string? configMap = null) =>
        Store.PutOutside(Of(kind, name, host, authentication, configMap));

    protected static DataflowEndpoint Of(EndpointKind kind, string name, string host, Authentication? authentication = null, string? configMap = null)
    {
        var endpoint = kind.New(name);
        return endpoint with
        {
            Settings = endpoint.Settings! with
            {
                Host = host,
                Authentication = authentication ?? new Authentication.Anonymous(),
                Tls = new TlsSettings { Mode = OperationalMode.Enabled, TrustedCaCertificateConfigMapRef = configMap },
            },
        };
    }

    protected void AddFlow(string name, string source, string destination) =>
        Store.PutOutside(new Dataflow { Name = name, Source = new DataflowSource { EndpointRef = source }, Destination = new DataflowDestination { EndpointRef = destination } });

    /// <summary>Finds and clicks while nothing is drawn: a page also draws from other threads, and what was found before would be stale.</summary>
    protected static Task ClickAsync<T>(IRenderedComponent<T> part, Func<IElement> find)
        where T : IComponent => part.InvokeAsync(() => find().Click());

    protected static IElement Button(IRenderedComponent<IComponent> part, string words) =>
        Assert.Single(part.FindAll("button"), button => button.TextContent.Trim() == words || button.GetAttribute("aria-label") == words);

    /// <summary>Lets pages notice what changed: they wait a moment for more.</summary>
    protected void LetSettle() => Time.Advance(TimeSpan.FromSeconds(1));
}
