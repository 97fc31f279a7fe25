using Bunit;
using Portal.Components.Pages;
using Portal.Messaging.Flows;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Resources;
using Portal.Tests.Shared;

namespace Portal.Tests.Dataflows;

public sealed class DataflowListTests : FlowContext
{
    [Fact]
    public void Without_a_dataflow_the_list_says_what_is_ready_and_offers_to_make_one()
    {
        var page = Open<DataflowsPage>("/dataflows");
        Assert.Contains(Text.Flows_Empty, page.Markup);
        Assert.Contains("2 endpoints are ready", page.Markup);
        Assert.Equal("/dataflows/new", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void A_row_shows_route_state_rate_and_ledger_with_what_was_dropped()
    {
        Store.PutOutside(Press);
        Flows.Put(new FlowStatus { Name = Press.Name, State = FlowState.Healthy, OutPerSecond = 2411, Ledger = new(10_013, 9_990, 3, 11, 8, 1, 0), LastDelivery = Time.GetUtcNow().AddSeconds(-0.4) });
        var row = Words(Rows(Open<DataflowsPage>("/dataflows"))[0]);
        Assert.Contains("press-telemetry", row);
        Assert.Contains("line3-broker line3/+/telemetry", row);
        Assert.Contains("line3-kafka line3-telemetry", row);
        Assert.Contains("Healthy", row);
        Assert.Contains("2,411/s", row);
        Assert.Contains("9,990 delivered", row);
        Assert.Contains("3 in flight, 20 dropped", row);
        Assert.Contains("0.4 s ago", row);
    }

    [Fact]
    public async Task Search_and_chips_leave_out_what_does_not_fit()
    {
        Store.PutOutside(Press);
        Store.PutOutside(Press with { Name = "line4-mirror" });
        Flows.Put(new FlowStatus { Name = "line4-mirror", State = FlowState.WaitingForSource });
        var page = Open<DataflowsPage>("/dataflows?state=trouble");
        Assert.Equal(["line4-mirror"], page.FindAll(".f-n a").Select(name => name.TextContent));
        Button(page, Text.Endpoints_Clear).Click();
        Assert.Equal(2, page.FindAll(".f-n a").Count);
        page.Find("input[type=search]").Input("press");
        LetSettle();
        Assert.Equal(["press-telemetry"], page.FindAll(".f-n a").Select(name => name.TextContent));
        await Wait.UntilHoldsAsync(() => Assert.EndsWith("?q=press", Navigation.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public void Sorting_by_a_column_turns_with_the_second_press()
    {
        Store.PutOutside(Press);
        Store.PutOutside(Press with { Name = "line4-mirror" });
        Flows.Put(new FlowStatus { Name = "line4-mirror", State = FlowState.Healthy, OutPerSecond = 9 });
        var page = Open<DataflowsPage>("/dataflows");
        Assert.Equal(["line4-mirror", "press-telemetry"], page.FindAll(".f-n a").Select(name => name.TextContent));
        Button(page, Text.Rate_Title).Click();
        Assert.Equal("descending", page.FindAll("th[aria-sort]").Single().GetAttribute("aria-sort"));
        Assert.Equal("line4-mirror", page.FindAll(".f-n a")[0].TextContent);
        Button(page, Text.Rate_Title).Click();
        Assert.Equal("press-telemetry", page.FindAll(".f-n a")[0].TextContent);
    }

    [Fact]
    public void The_chosen_ones_stop_and_start_together()
    {
        Store.PutOutside(Press);
        Store.PutOutside(Press with { Name = "line4-mirror" });
        var page = Open<DataflowsPage>("/dataflows");
        Button(page, Text.Endpoints_SelectAll).Click();
        Button(page, Text.Flow_Stop).Click();
        Assert.Equal(OperationalMode.Disabled, Flow()!.Mode);
        Assert.Equal(OperationalMode.Disabled, Flow("line4-mirror")!.Mode);
        Assert.Contains(Activity.Entries, entry => entry.Summary == "press-telemetry stopped");
        Button(page, Text.Flow_Start).Click();
        Assert.Equal(OperationalMode.Enabled, Flow()!.Mode);
        Assert.Contains(Activity.Entries, entry => entry.Summary == "press-telemetry started");
    }

    [Fact]
    public void What_keeps_a_dataflow_from_starting_is_said()
    {
        Store.PutOutside(Press with { Mode = OperationalMode.Disabled, Source = Press.Source! with { EndpointRef = "gone" } });
        var page = Open<DataflowsPage>("/dataflows");
        Button(page, Text.Endpoints_SelectAll).Click();
        Button(page, Text.Flow_Start).Click();
        Assert.Equal(OperationalMode.Disabled, Flow()!.Mode);
        Snackbars.WaitForAssertion(() => Assert.Contains("press-telemetry: There is no endpoint named", Snackbars.Markup));
    }

    [Fact]
    public async Task Deleting_asks_first_and_says_that_it_runs()
    {
        Store.PutOutside(Press);
        var page = Open<DataflowsPage>("/dataflows");
        Button(page, Text.Endpoints_SelectAll).Click();
        Button(page, Text.Common_Delete).Click();
        Dialogs.WaitForElement(".mud-dialog");
        Assert.Contains(Text.Flows_DeleteRunning, Dialogs.Markup);
        Assert.NotNull(Flow());
        Button(Dialogs, Text.Common_Delete).Click();
        await Wait.UntilHoldsAsync(() => Assert.Null(Flow()));
    }

    [Fact]
    public async Task A_profile_takes_one_to_twenty_instances()
    {
        Store.PutOutside(Press);
        var page = Open<DataflowsPage>("/dataflows");
        page.FindAll("button").Single(button => button.TextContent.Trim() == "Change default").Click();
        Dialogs.WaitForElement(".mud-dialog");
        Assert.Contains("press-telemetry", Dialogs.Markup);
        Field(Dialogs, Text.Profiles_InstanceCount).Input("21");
        Button(Dialogs, Text.Secrets_Save).Click();
        Dialogs.WaitForAssertion(() => Assert.Contains("from 1 to 20 is allowed", Dialogs.Markup));
        Field(Dialogs, Text.Profiles_InstanceCount).Input("3");
        Button(Dialogs, Text.Secrets_Save).Click();
        await Wait.UntilHoldsAsync(() => Assert.Equal(3, (Store.Get(Model.ResourceKind.DataflowProfile, "default")!.Value as DataflowProfile)!.InstanceCount));
    }

    [Fact]
    public void A_profile_cannot_be_saved_again_while_it_is_looked_for()
    {
        var page = Open<DataflowsPage>("/dataflows");
        page.FindAll("button").Single(button => button.TextContent.Trim() == "Change default").Click();
        Dialogs.WaitForElement(".mud-dialog");
        Field(Dialogs, Text.Profiles_InstanceCount).Input("3");
        var found = new TaskCompletionSource();
        Store.FindsAfter = found.Task;
        Button(Dialogs, Text.Secrets_Save).Click();
        Dialogs.WaitForAssertion(() => Assert.True(Button(Dialogs, Text.Secrets_Save).HasAttribute("disabled")));
        found.SetResult();
        Dialogs.WaitForAssertion(() => Assert.Empty(Dialogs.FindAll(".mud-dialog")));
        Assert.Single(Activity.Entries);
    }

    [Fact]
    public void Figures_are_drawn_at_most_once_a_second_however_often_they_change()
    {
        Store.PutOutside(Press);
        var page = Open<DataflowsPage>("/dataflows");
        var before = Flows.Asked;
        for (var count = 1; count <= 100; count++)
        {
            Flows.Put(new FlowStatus { Name = Press.Name, State = FlowState.Healthy, Ledger = new(count, count, 0, 0, 0, 0, 0) });
            Time.Advance(TimeSpan.FromMilliseconds(20));
        }
        Assert.InRange(Flows.Asked - before, 1, 2);
        LetSettle();
        Assert.Contains("100 delivered", Words(Rows(page)[0]));
    }
}
