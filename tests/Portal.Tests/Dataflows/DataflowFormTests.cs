using Bunit;
using Microsoft.AspNetCore.Components;
using Portal.Components.Pages;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Tests.Shared;

namespace Portal.Tests.Dataflows;

public sealed class DataflowFormTests : FlowContext
{
    private static List<string> Offered(IRenderedComponent<DataflowEditPage> page, string label) =>
        [.. Field(page, label).QuerySelectorAll("option").Select(option => option.GetAttribute("value")!).Where(value => value.Length > 0)];

    private static string Misfits(IRenderedComponent<DataflowEditPage> page, int at) => Words(page.FindAll(".misfits")[at]);

    private static void Fill(IRenderedComponent<DataflowEditPage> page)
    {
        Field(page, Text.Field_Name).Input("press-telemetry");
        Field(page, Text.FlowForm_SourceEndpoint).Change("line3-broker");
        Field(page, Text.FlowForm_SourceTopic).Input("line3/+/telemetry");
        Field(page, Text.FlowForm_DestinationEndpoint).Change("line3-kafka");
        Field(page, Text.FlowForm_Topic).Input("line3-telemetry");
    }

    private void Apply(IRenderedComponent<DataflowEditPage> page)
    {
        page.FindAll(".ehead button").Single(button => button.TextContent.Trim().StartsWith(Text.Endpoint_Review, StringComparison.Ordinal)).Click();
        Dialogs.WaitForElement(".mud-dialog");
        Button(Dialogs, Text.Endpoint_Apply).Click();
    }

    [Fact]
    public void A_new_form_complains_of_nothing_before_somebody_applies()
    {
        var page = OpenNew();
        Assert.Empty(page.FindAll(".msg.err"));
        Button(page, Text.Endpoint_Review).Click();
        Assert.Contains("names no endpoint", MessageOf(page, Text.FlowForm_SourceEndpoint));
        Assert.Contains("names no topic", page.Markup);
        Assert.NotEmpty(page.FindAll(".problems button"));
        Assert.Empty(Dialogs.FindAll(".mud-dialog"));
    }

    [Fact]
    public async Task A_dataflow_is_made_reviewed_and_stored()
    {
        var page = OpenNew();
        Fill(page);
        Apply(page);
        await Wait.UntilHoldsAsync(() => Assert.Equal(Press, Flow()! with { Kept = null }));
        await Wait.UntilHoldsAsync(() => Assert.EndsWith("/dataflows/press-telemetry", Navigation.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public void The_document_follows_the_form()
    {
        var page = OpenNew();
        Fill(page);
        Assert.Contains("line3/+/telemetry", page.Find(".code").TextContent);
        Assert.Contains("endpointRef: line3-kafka", page.Find(".code").TextContent);
    }

    [Theory]
    [InlineData("Yaml", "kind: Dataflow\n")]
    [InlineData("Bicep", "resource dataflow_press_telemetry 'Microsoft.IoTOperations/instances/dataflowProfiles/dataflows@")]
    [InlineData("Arm", "\"type\": \"Microsoft.IoTOperations/instances/dataflowProfiles/dataflows\"")]
    [InlineData("Json", "\"kind\": \"Dataflow\"")]
    public void The_document_is_there_in_every_format_of_the_export(string format, string expected)
    {
        var page = OpenNew();
        Fill(page);
        page.FindAll(".doctabs [role=tab]").Single(tab => tab.TextContent.Trim() == Text.Get("Code_" + format)).Click();
        Assert.Contains(expected, string.Join('\n', page.FindAll(".code .ln").Select(line => line.TextContent)) + "\n" + page.Find(".code").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Kafka_endpoint_without_consumer_group_is_no_source_and_the_reason_is_said()
    {
        Store.PutOutside(Kafka("no-group", null));
        var page = OpenNew();
        Assert.DoesNotContain("no-group", Offered(page, Text.FlowForm_SourceEndpoint));
        Assert.Contains("no-group", Offered(page, Text.FlowForm_DestinationEndpoint));
        Assert.Contains("Kafka type source endpoints must have a consumerGroupId defined", Misfits(page, 0));
    }

    [Fact]
    public void A_type_that_the_portal_does_not_run_is_offered_nowhere()
    {
        Store.PutOutside(new DataflowEndpoint { Name = "adx", OtherType = "DataExplorer" });
        var page = OpenNew();
        Assert.DoesNotContain("adx", Offered(page, Text.FlowForm_SourceEndpoint));
        Assert.DoesNotContain("adx", Offered(page, Text.FlowForm_DestinationEndpoint));
        Assert.Contains("DataExplorer, which cannot be a source", Misfits(page, 0));
        Assert.Contains("DataExplorer, which this portal does not write to", Misfits(page, 1));
    }

    [Fact]
    public void Event_Grid_is_a_source_for_one_instance_only()
    {
        Store.PutOutside(Of(EndpointKind.EventGrid, "grid", "ns.westeurope-1.ts.eventgrid.azure.net:8883", new Authentication.SystemAssignedManagedIdentity()));
        Store.PutOutside(new DataflowProfile { Name = "many", InstanceCount = 2 });
        var page = OpenNew();
        Assert.Contains("grid", Offered(page, Text.FlowForm_SourceEndpoint));
        Field(page, Text.FlowForm_Profile).Change("many");
        Assert.DoesNotContain("grid", Offered(page, Text.FlowForm_SourceEndpoint));
        Assert.Contains("Event Grid has no shared subscriptions", Misfits(page, 0));
    }

    [Fact]
    public void What_is_chosen_and_does_not_fit_any_more_stays_to_be_seen()
    {
        Store.PutOutside(Press);
        Store.PutOutside(Press with { Name = "back", Source = new DataflowSource { EndpointRef = "line3-kafka", DataSources = ["line3-telemetry"] }, Destination = new DataflowDestination { EndpointRef = "line3-broker", DataDestination = "back" } });
        Store.PutOutside(Kafka("line3-kafka", null));
        var page = OpenEdit("back");
        Assert.Equal("line3-kafka", Field(page, Text.FlowForm_SourceEndpoint).GetAttribute("value"));
        Assert.Contains("must have a consumerGroupId defined", MessageOf(page, Text.FlowForm_SourceEndpoint));
    }

    [Fact]
    public async Task Topics_come_in_rows()
    {
        var page = OpenNew();
        Fill(page);
        Button(page, Text.FlowForm_AddTopic).Click();
        Field(page, "Source topic 2").Input("line4/#");
        Apply(page);
        await Wait.UntilHoldsAsync(() => Assert.Equal(["line3/+/telemetry", "line4/#"], Flow()!.Source!.DataSources));
    }

    [Theory]
    [InlineData("line3/#/x", "#")]
    [InlineData("line3/a+", "+")]
    public void A_topic_filter_that_no_broker_takes_is_named_beside_it(string topic, string sign)
    {
        var page = OpenNew();
        Fill(page);
        Field(page, Text.FlowForm_SourceTopic).Input(topic);
        Assert.Contains(sign, MessageOf(page, Text.FlowForm_SourceTopic));
        Assert.Contains(page.FindAll(".problems button"), button => button.TextContent.Contains(sign, StringComparison.Ordinal));
    }

    [Fact]
    public void A_destination_topic_must_be_static_for_Kafka_and_without_wildcards_for_MQTT()
    {
        var page = OpenNew();
        Fill(page);
        Field(page, Text.FlowForm_Topic).Input("line3/${inputTopic}");
        Assert.NotEmpty(MessageOf(page, Text.FlowForm_Topic));
        Field(page, Text.FlowForm_DestinationEndpoint).Change("line3-broker");
        Assert.Empty(page.FindAll($"#{Field(page, Text.FlowForm_Topic).Id}-msg"));
        Field(page, Text.FlowForm_Topic).Input("line3/#");
        Assert.NotEmpty(MessageOf(page, Text.FlowForm_Topic));
    }

    [Fact]
    public async Task An_expression_is_judged_while_it_is_typed()
    {
        var page = OpenNew();
        Fill(page);
        Button(page, Text.FlowForm_AddFilter).Click();
        Assert.Empty(page.FindAll(".rulebox .msg.err"));
        Field(page, "Input $1").Input("temperature");
        Field(page, Text.FlowForm_FilterExpression).Input("$1 >");
        Assert.NotEmpty(MessageOf(page, Text.FlowForm_FilterExpression));
        Field(page, Text.FlowForm_FilterExpression).Input("$1 > -40");
        Assert.Empty(page.FindAll(".rulebox .msg.err"));
        Apply(page);
        await Wait.UntilHoldsAsync(() => Assert.Equal("$1 > -40", Assert.Single(Flow()!.Transformation!.Filters).Expression));
    }

    [Fact]
    public async Task Map_rules_and_headers_are_made_and_removed()
    {
        var page = OpenNew();
        Fill(page);
        Button(page, Text.FlowForm_AddPassThrough).Click();
        Button(page, Text.FlowForm_AddHeader).Click();
        Field(page, Text.FlowForm_HeaderKey).Input("site");
        Field(page, Text.FlowForm_HeaderValue).Input("leipzig");
        Apply(page);
        await Wait.UntilHoldsAsync(() => Assert.NotNull(Flow()));
        Assert.Equal(new TransformationMap { Type = MapType.PassThrough, Inputs = ["*"], Output = "*" }, Assert.Single(Flow()!.Transformation!.Maps));
        Assert.Equal(new DestinationHeader { Action = HeaderAction.AddOrReplace, Key = "site", Value = "leipzig" }, Assert.Single(Flow()!.Destination!.Headers));

        var edit = OpenEdit();
        Button(edit, "Remove Map rule 1").Click();
        Apply(edit);
        await Wait.UntilHoldsAsync(() => Assert.Null(Flow()!.Transformation));
    }

    [Fact]
    public async Task A_change_by_somebody_else_is_said_and_both_are_brought_together()
    {
        Store.PutOutside(Press);
        var page = OpenEdit();
        Field(page, Text.FlowForm_Topic).Input("mine");
        Store.PutOutside(Press with { Source = Press.Source! with { DataSources = ["theirs/#"] } });
        page.WaitForAssertion(() => Assert.Contains(Text.Outside_Changed, page.Markup));
        Button(page, Text.Outside_Compare).Click();
        Button(page, Text.Conflict_Take).Click();
        Apply(page);
        await Wait.UntilHoldsAsync(() => Assert.Equal("mine", Flow()!.Destination!.DataDestination));
        Assert.Equal(["theirs/#"], Flow()!.Source!.DataSources);
    }

    [Fact]
    public void The_draft_survives_leaving_the_page()
    {
        Store.PutOutside(Press);
        Field(OpenEdit(), Text.FlowForm_Topic).Input("kept");
        Assert.Equal("kept", Field(OpenEdit(), Text.FlowForm_Topic).GetAttribute("value"));
    }

    [Fact]
    public async Task A_copy_has_another_name_and_does_not_run()
    {
        Store.PutOutside(Press);
        var page = OpenNew("?from=press-telemetry");
        Assert.Equal("press-telemetry-copy", Field(page, Text.Field_Name).GetAttribute("value"));
        Apply(page);
        await Wait.UntilHoldsAsync(() => Assert.False(Flow("press-telemetry-copy")!.IsEnabled));
    }

    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        Store.PutOutside(Press);
        var page = OpenNew();
        Fill(page);
        Assert.Contains("There is a dataflow named press-telemetry already", MessageOf(page, Text.Field_Name));
    }

    [Fact]
    public void The_draft_is_tried_before_it_is_stored()
    {
        var page = OpenNew();
        Fill(page);
        Navigation.NavigateTo(Navigation.GetUriWithQueryParameter("tab", "try"));
        page.WaitForAssertion(() => Assert.Contains(page.FindAll(".insp tbody tr"), row => Words(row).Contains("line3-telemetry", StringComparison.Ordinal)));
        Assert.Null(Flow());
        Assert.Empty(Previews.Topics);
    }

    [Fact]
    public void Nothing_can_be_tried_before_both_ends_are_chosen() =>
        Assert.Contains(Text.Inspector_NeedsEnds, OpenNew("?tab=try").Markup);

    [Fact]
    public void A_refusal_of_the_store_keeps_the_draft()
    {
        var page = OpenNew();
        Fill(page);
        Store.NextAnswer = new StoreResult.Denied("The folder is read-only.", "Give the portal the right to write.");
        Apply(page);
        Dialogs.WaitForAssertion(() => Assert.Contains("The folder is read-only.", Dialogs.Markup));
        Assert.Equal("line3-telemetry", Field(page, Text.FlowForm_Topic).GetAttribute("value"));
    }
}
