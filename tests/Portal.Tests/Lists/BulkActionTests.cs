using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Portal.Components.Lists;
using Portal.Components.Pages;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Tests.Shared;

namespace Portal.Tests.Lists;

/// <summary>What is done with chosen endpoints: test, export, delete.</summary>
public sealed class BulkActionTests : ListsContext
{
    private IRenderedComponent<EndpointsPage> OpenFour()
    {
        Add(EndpointKind.LocalMqtt, "default", "aio-broker:18883");
        Add(EndpointKind.EventHubs, "eh-telemetry", "plant.servicebus.windows.net:9093");
        Add(EndpointKind.CustomKafka, "historian", "kafka.example:9094");
        Add(EndpointKind.CustomMqtt, "line3-broker", "mqtt.line3.example:8883");
        AddFlow("telemetry", "default", "eh-telemetry");
        return Open<EndpointsPage>("/endpoints");
    }

    [Fact]
    public async Task Chosen_endpoints_are_tested_one_after_the_other()
    {
        Tester.Failing.Add("historian");
        var page = OpenFour();
        Button(page, "Select all").Click();
        Assert.Contains("4 selected", page.Find(".bulk").TextContent);
        Button(page, "Test").Click();
        await Wait.UntilAsync(() => Tester.Ran.Count == 4, "four tests ran");
        Assert.Equal(["default", "eh-telemetry", "historian", "line3-broker"], Tester.Ran);
        page.WaitForAssertion(() => Assert.Contains("1 of 4 tests failed", page.Find(".run").TextContent));
    }

    [Fact]
    public async Task A_run_of_tests_can_be_cancelled()
    {
        Tester.Gate = new TaskCompletionSource();
        var page = OpenFour();
        Button(page, "Select all").Click();
        Button(page, "Test").Click();
        page.WaitForAssertion(() => Assert.Contains("Testing default, 1 of 4", page.Find(".run").TextContent));
        page.Find(".run button").Click();
        await Wait.UntilAsync(() => Services.GetRequiredService<BulkTests>().Progress is { IsRunning: false }, "the run ended");
        page.WaitForAssertion(() => Assert.Contains("Cancelled after 0 of 4", page.Find(".run").TextContent));
        Assert.Equal(["default"], Tester.Ran);
    }

    [Fact]
    public async Task Export_asks_for_the_form_says_what_it_cannot_and_is_recorded()
    {
        var page = OpenFour();
        Button(page, "Select historian").Click();
        Button(page, "Select default").Click();
        Button(page, "Export").Click();
        Assert.Contains("Export 2 resources", Dialogs.Find("h2").TextContent);
        Assert.Contains("(1 more)", Dialogs.Find(".check").TextContent);
        Assert.Empty(Dialogs.FindAll("#export-notes"));
        Dialogs.Find("input[value=Bicep]").Change("Bicep");
        Assert.Contains("anonymousSettings", Dialogs.Find("#export-notes").TextContent);
        Button(Dialogs, "Download").Click();
        await Wait.UntilHoldsAsync(() => Assert.Single(Activity.Entries));
        var entry = Activity.Entries.Single();
        Assert.Equal((ActivityAction.Exported, "2 endpoints", "2 endpoints exported as Bicep module"), (entry.Action, entry.Subject, entry.Summary));
    }

    [Fact]
    public void Endpoints_in_use_stay_and_the_others_are_deleted()
    {
        var page = OpenFour();
        Button(page, "Select all").Click();
        Button(page, "Delete").Click();
        Assert.Contains("Delete 2 endpoints", Dialogs.Find("h2").TextContent);
        Assert.Contains("2 endpoints stay", Dialogs.Find(".msg.err").TextContent);
        Button(Dialogs, "Delete").Click();
        Assert.Equal(["historian", "line3-broker"], Activity.Entries.Where(entry => entry.Action is ActivityAction.Deleted).Select(entry => entry.Subject));
        Assert.NotNull(InStore("default"));
        LetSettle();
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".epl tbody .two a.b").Count));
    }

    [Fact]
    public void Deleting_default_needs_a_second_yes()
    {
        Add(EndpointKind.LocalMqtt, "default", "aio-broker:18883");
        var page = Open<EndpointsPage>("/endpoints");
        Button(page, "Select default").Click();
        Button(page, "Delete").Click();
        Assert.True(Button(Dialogs, "Delete").HasAttribute("disabled"));
        Assert.Contains(Text.Endpoints_DeleteDefault, Dialogs.Find(".msg.warn").TextContent);
        Dialogs.Find("input[type=checkbox]").Change(true);
        Button(Dialogs, "Delete").Click();
        Assert.Null(InStore("default"));
    }

    [Fact]
    public void A_change_by_somebody_else_meanwhile_is_not_deleted()
    {
        var page = OpenFour();
        Button(page, "Select historian").Click();
        Button(page, "Delete").Click();
        Add(EndpointKind.CustomKafka, "historian", "moved.example:9094");
        Button(Dialogs, "Delete").Click();
        Assert.Equal("moved.example:9094", InStore("historian")!.Settings!.Host);
        Snackbars.WaitForAssertion(() => Assert.Contains(Text.Store_Conflict, Snackbars.Markup));
    }

    [Fact]
    public void What_a_filter_hides_is_no_longer_chosen()
    {
        var page = OpenFour();
        Button(page, "Select all").Click();
        page.Find("input[type=search]").Input("line3");
        LetSettle();
        page.WaitForAssertion(() => Assert.Contains("1 selected", page.Find(".bulk").TextContent));
    }
}
