using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Changes;
using Portal.Components.Pages;
using Portal.Messaging.Flows;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Resources;

namespace Portal.Tests.Lists;

/// <summary>The overview: what needs attention, counts, what was done. Real data, or that there is none.</summary>
public sealed class OverviewTests : ListsContext
{
    [Fact]
    public void An_empty_folder_is_said_to_be_empty()
    {
        var page = Open<Overview>("/");
        Assert.Contains(Text.Attention_None, page.Markup);
        Assert.Contains(Text.Overview_NoTest, page.Markup);
        Assert.Contains(Text.Flows_Empty, page.Markup);
        Assert.Contains(Text.Overview_NoActivity, page.Markup);
    }

    [Fact]
    public async Task Failures_stand_before_warnings_with_a_way_to_each()
    {
        Add(EndpointKind.CustomMqtt, "line3-broker", "mqtt.line3.example:8883", new Authentication.X509Certificate("line3-cert"));
        Tester.Failing.Add("line3-broker");
        await Services.GetRequiredService<ConnectionTests>().RunAsync(new TestRequest(InStore("line3-broker")!), cancellationToken: Ending);
        Store.Problems.Add(new StoreProblem("paint-shop.yaml", null, Finding.Error("yaml", "", "A quote is not closed.") with { Line = 8, Column = 11 }));
        await Secrets.SetVaultAsync("old", new SecretValue("x"), null, Time.GetUtcNow().AddDays(-1), Ending);
        await Secrets.SetVaultAsync("soon", new SecretValue("x"), null, Time.GetUtcNow().AddDays(29), Ending);
        await Secrets.SetVaultAsync("late", new SecretValue("x"), null, Time.GetUtcNow().AddDays(31), Ending);
        var page = Open<Overview>("/");
        Assert.Equal(
            ["paint-shop.yaml cannot be read", "line3-broker fails at TLS", "old is expired", "soon expires soon", "The synced secret line3-cert is missing"],
            page.FindAll(".att b").Select(title => title.TextContent));
        Assert.Equal("/endpoints/line3-broker?tab=test", page.FindAll(".att a")[1].GetAttribute("href"));
        Assert.Contains("The broker shows another root.", page.Find(".att").TextContent);
        Assert.Equal(["3", "2"], page.FindAll(".card .hd .badge").Take(2).Select(badge => badge.TextContent));
    }

    [Fact]
    public void Dataflows_of_the_folder_are_listed_with_source_and_destination()
    {
        Add(EndpointKind.LocalMqtt, "default", "aio-broker:18883");
        AddFlow("telemetry", "default", "gone");
        Flows.Put(new FlowStatus { Name = "telemetry", State = FlowState.WaitingForDestination, Ledger = new(9, 5, 3, 1, 0, 0, 0), Problem = new(Time.GetUtcNow(), FlowSide.Destination, "tcp-refused", "It refuses.", "Start it.", 1) });
        var page = Open<Overview>("/");
        var flows = page.Find("table[aria-label=Dataflows] tbody");
        Assert.All(["telemetry", "gone, not in the folder", Text.State_WaitingForDestination], word => Assert.Contains(word, flows.TextContent));
        Assert.Equal("/endpoints/default", flows.QuerySelector("a[aria-label=default]")!.GetAttribute("href"));
        Assert.Contains("telemetry waits for gone", page.Find(".att").TextContent);
        Assert.Contains("It refuses. 3 messages held, nothing dropped. No more is read than the dataflow may hold.", page.Find(".att").TextContent);
        Assert.Contains("1 expired", page.Find(".kpi").TextContent);
    }
}
