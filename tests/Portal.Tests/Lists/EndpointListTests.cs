using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Portal.Changes;
using Portal.Components.Pages;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Resources;
using Portal.Tests.Shared;

namespace Portal.Tests.Lists;

/// <summary>The list of endpoints: what it shows and in which order.</summary>
public sealed class EndpointListTests : ListsContext
{
    private readonly string[] _all = ["default", "eh-telemetry", "historian", "line3-broker"];

    private void Fill()
    {
        Add(EndpointKind.LocalMqtt, "default", "aio-broker:18883", new Authentication.ServiceAccountToken("aio-internal"));
        Add(EndpointKind.CustomMqtt, "line3-broker", "mqtt.line3.leipzig.example:8883", new Authentication.X509Certificate("line3-cert"));
        Add(EndpointKind.CustomKafka, "historian", "kafka-0.historian.example:9094", new Authentication.Sasl(SaslType.ScramSha512, "historian-sasl"));
        Add(EndpointKind.EventHubs, "eh-telemetry", "plant.servicebus.windows.net:9093", new Authentication.SystemAssignedManagedIdentity());
        AddFlow("telemetry", "default", "eh-telemetry");
    }

    private async Task TestAsync(params string[] names)
    {
        var tests = Services.GetRequiredService<ConnectionTests>();
        foreach (var name in names)
            await tests.RunAsync(new TestRequest(InStore(name)!), cancellationToken: Ending);
    }

    private static IReadOnlyList<string> Names(IRenderedComponent<IComponent> page) => [.. page.FindAll(".epl tbody .two a.b").Select(link => link.TextContent)];

    private static string Row(IRenderedComponent<IComponent> page, string name) =>
        page.FindAll(".epl tbody tr").Single(row => row.TextContent.Contains(name, StringComparison.Ordinal)).TextContent;

    [Fact]
    public void The_tiles_stand_in_the_order_of_the_kinds_and_open_a_new_endpoint()
    {
        var page = Open<EndpointsPage>("/endpoints");
        Assert.Equal(EndpointKind.All.Select(kind => kind.DisplayName), page.FindAll(".tile h3").Select(title => title.TextContent));
        Assert.Equal(EndpointKind.All.Select(kind => $"/endpoints/new/{kind.Id}"), page.FindAll(".tile a").Select(link => link.GetAttribute("href")));
        Assert.Equal(EndpointKind.All.Select(kind => $"New {kind.DisplayName}"), page.FindAll(".tile a").Select(link => link.GetAttribute("aria-label")));
        Assert.Contains(Text.Endpoints_Empty, page.Find(".empty").TextContent);
    }

    [Fact]
    public void A_row_says_what_is_known_of_an_endpoint()
    {
        Fill();
        var page = Open<EndpointsPage>("/endpoints");
        Assert.Equal(_all, Names(page));
        var row = Row(page, "historian");
        Assert.All(["Custom Kafka Broker", ":9094", "SASL, ScramSha512", Text.State_NeverTested, Text.State_Applied], word => Assert.Contains(word, row));
        Assert.Contains("1 flow", Row(page, "eh-telemetry"));
    }

    [Theory]
    [InlineData("line3", "line3-broker")]
    [InlineData("servicebus", "eh-telemetry")]
    [InlineData("historian-sasl", "historian")]
    [InlineData("kafka custom", "historian")]
    public async Task Search_finds_names_hosts_secrets_and_kinds(string search, string expected)
    {
        Fill();
        var page = Open<EndpointsPage>("/endpoints");
        page.Find("input[type=search]").Input(search);
        LetSettle();
        page.WaitForAssertion(() => Assert.Equal([expected], Names(page)));
        await Wait.UntilHoldsAsync(() => Assert.Contains("q=" + Uri.EscapeDataString(search), Navigation.Uri));
    }

    [Fact]
    public async Task Chips_show_what_failed_and_the_address_keeps_them()
    {
        Fill();
        Tester.Failing.Add("line3-broker");
        Tester.Warning.Add("historian");
        await TestAsync("default", "line3-broker", "historian");
        var page = Open<EndpointsPage>("/endpoints");
        Assert.Contains("Failed at TLS", Row(page, "line3-broker"));
        Assert.Contains("Passed, 212 ms", Row(page, "default"));
        Button(page, "Failing 1").Click();
        Assert.Equal(["line3-broker"], Names(page));
        Button(page, "Warnings 1").Click();
        Assert.Equal(["historian", "line3-broker"], Names(page));
        await Wait.UntilHoldsAsync(() => Assert.EndsWith("?test=failed,warning", Navigation.Uri));
    }

    [Theory]
    [InlineData("unused=1", "historian", "line3-broker")]
    [InlineData("auth=X509Certificate", "line3-broker")]
    [InlineData("kind=eventhub", "eh-telemetry")]
    [InlineData("test=failed")]
    [InlineData("kind=nonsense&sort=nonsense", "default", "eh-telemetry", "historian", "line3-broker")]
    public void An_address_shows_what_it_says(string query, params string[] expected)
    {
        Fill();
        Assert.Equal(expected, Names(Open<EndpointsPage>("/endpoints?" + query)));
    }

    [Fact]
    public async Task A_list_that_is_filtered_out_offers_to_clear_the_filter()
    {
        Fill();
        var page = Open<EndpointsPage>("/endpoints?kind=eventgrid");
        Assert.Contains(Text.Endpoints_NothingFits, page.Find(".empty").TextContent);
        page.Find(".empty button").Click();
        Assert.Equal(_all, Names(page));
        await Wait.UntilHoldsAsync(() => Assert.EndsWith("/endpoints", Navigation.Uri));
    }

    [Fact]
    public async Task A_column_sorts_and_turns_round()
    {
        Fill();
        var page = Open<EndpointsPage>("/endpoints");
        Button(page, "Host").Click();
        Assert.Equal(["default", "historian", "line3-broker", "eh-telemetry"], Names(page));
        Button(page, "Host").Click();
        Assert.Equal(["eh-telemetry", "line3-broker", "historian", "default"], Names(page));
        Assert.Equal("descending", page.FindAll("th").Single(head => head.TextContent.Trim() == "Host").GetAttribute("aria-sort"));
        await Wait.UntilHoldsAsync(() => Assert.EndsWith("?sort=host&order=desc", Navigation.Uri));
    }

    [Fact]
    public void A_broken_file_is_shown_with_its_place_and_fix()
    {
        Store.Problems.Add(new StoreProblem("paint-shop.yaml", "paint-shop", Finding.Error("yaml", "", "A quote is not closed.", "Close it.") with { Line = 8, Column = 11 }));
        var notice = Open<EndpointsPage>("/endpoints").Find(".broken").TextContent;
        Assert.All(["paint-shop.yaml", "line 8, column 11", "A quote is not closed.", "Close it."], word => Assert.Contains(word, notice));
    }

    [Fact]
    public void A_type_that_is_not_edited_is_listed_with_its_name()
    {
        Store.PutOutside(new DataflowEndpoint { Name = "adx-lake", OtherType = "DataExplorer" });
        var row = Row(Open<EndpointsPage>("/endpoints"), "adx-lake");
        Assert.Contains("DataExplorer", row);
        Assert.Contains(Text.Endpoints_ReadOnly, row);
    }

    [Fact]
    public void What_others_store_appears_without_a_reload()
    {
        var page = Open<EndpointsPage>("/endpoints");
        Add(EndpointKind.CustomMqtt, "forge-broker", "mqtt.forge.example:8883");
        LetSettle();
        page.WaitForAssertion(() => Assert.Equal(["forge-broker"], Names(page)));
    }
}
