using Bunit;
using Portal.Components.Editing;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Resources;
using Portal.Tests.Shared;

namespace Portal.Tests.Endpoints;

/// <summary>Apply, conflicts, changes by others, deletion, copies and leaving.</summary>
public sealed class EndpointPageTests : EndpointPageContext
{
    private DataflowEndpoint? InStore(string name) => Store.Get(ResourceKind.DataflowEndpoint, name)?.Value as DataflowEndpoint;

    [Fact]
    public async Task A_new_endpoint_is_reviewed_applied_and_can_be_undone()
    {
        var page = OpenNew(EndpointKind.CustomMqtt);
        Field(page, "Name").Input("line3-broker");
        Field(page, "Host").Input("broker.example:1883");
        Field(page, "Authentication method").Change("Anonymous");
        Button(page, "Review and apply").Click();
        Assert.Contains("+ ", Dialogs.Find(".diff").TextContent);
        Button(Dialogs, "Apply").Click();
        await Wait.UntilHoldsAsync(() => Assert.Equal("broker.example:1883", InStore("line3-broker")!.Settings!.Host));
        await Wait.UntilHoldsAsync(() => Assert.EndsWith("/endpoints/line3-broker", Navigation.Uri));
        var created = Assert.Single(Activity.Entries);
        Assert.Equal(ActivityAction.Created, created.Action);
        Assert.Contains("host: broker.example:1883", created.After);
        Button(Snackbars, "Undo").Click();
        await Wait.UntilHoldsAsync(() => Assert.Null(InStore("line3-broker")));
    }

    [Fact]
    public async Task A_change_is_shown_against_what_is_stored_and_undo_restores_it()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Input("other.example:8883");
        Assert.Contains("Draft, 1 change", page.Markup);
        Button(page, "Review and apply1").Click();
        Assert.Contains("mqtt.line3.leipzig.example:8883", Dialogs.Find(".card").TextContent);
        Assert.Contains("other.example:8883", Dialogs.Find(".card").TextContent);
        Button(Dialogs, "Apply").Click();
        Assert.Equal("other.example:8883", InStore("line3-broker")!.Settings!.Host);
        Assert.DoesNotContain("Draft", page.Find(".ehead").TextContent);
        Button(Snackbars, "Undo").Click();
        await Wait.UntilHoldsAsync(() => Assert.Equal(Line3, InStore("line3-broker")));
    }

    [Fact]
    public void Fields_of_others_are_named_by_label_and_owner_and_the_difference_is_what_taking_over_stores()
    {
        Store.Plan = (resource, takeOver) => takeOver
            ? new StoreResult.Saved(new StoredResource((DataflowEndpoint)resource with { Settings = ((DataflowEndpoint)resource).Mqtt! with { Qos = 0 } }, "1", default, ""))
            : new StoreResult.Owned([new FieldOwner("spec.mqttSettings.host", "gitops")]);
        var page = OpenStored(Line3);
        Field(page, "Host").Input("other.example:8883");
        Button(page, "Review and apply1").Click();
        Dialogs.WaitForAssertion(() => Assert.Contains(Text.Review_TakeOver, Dialogs.Markup, StringComparison.Ordinal));
        Assert.Equal("Hostspec.mqttSettings.hostgitops", Dialogs.Find(".owned tbody tr").TextContent.Trim());
        Assert.Contains("qos: 0", Dialogs.Find(".diff").TextContent, StringComparison.Ordinal);
        Assert.True(Button(Dialogs, "Apply").HasAttribute("disabled"));
        Button(Dialogs, "Leave as they are").Click();
        Assert.Empty(Dialogs.FindAll(".mud-dialog"));
        Assert.DoesNotContain("Draft", page.Find(".ehead").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_keep_from_applying_and_show_what_is_missing()
    {
        var page = OpenNew(EndpointKind.CustomMqtt);
        Assert.Empty(page.FindAll(".msg.err"));
        Button(page, "Review and apply").Click();
        Assert.Empty(Dialogs.FindAll(".mud-dialog"));
        Assert.Contains("The name is missing.", MessageOf(page, "Name"));
        Assert.Contains("The host is missing.", MessageOf(page, "Host"));
        Assert.Equal(3, page.FindAll(".problems button").Count);
    }

    [Fact]
    public void A_name_that_is_taken_is_said_while_it_is_written()
    {
        Store.PutOutside(Line3);
        var page = OpenNew(EndpointKind.CustomMqtt);
        Field(page, "Name").Input("line3-broker");
        Assert.Contains("There is an endpoint named line3-broker already.", MessageOf(page, "Name"));
    }

    [Fact]
    public void A_refusal_is_shown_and_the_draft_is_kept()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Input("other.example:8883");
        Button(page, "Review and apply1").Click();
        Store.NextAnswer = new StoreResult.Unavailable("The disk is full.", "Free some space, then apply again.");
        Button(Dialogs, "Apply").Click();
        Assert.Contains("The disk is full.", Dialogs.Find("#review-msg").TextContent);
        Button(Dialogs, "Cancel").Click();
        Assert.Equal("other.example:8883", Field(page, "Host").GetAttribute("value"));
        Assert.Equal(Line3, InStore("line3-broker"));
    }

    [Fact]
    public void A_draft_survives_a_reload_and_goes_when_it_is_discarded()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Input("other.example:8883");
        Assert.Contains("Saved as a draft on this server", page.Find(".problems").TextContent);
        var again = OpenName("line3-broker");
        Assert.Equal("other.example:8883", Field(again, "Host").GetAttribute("value"));
        Button(again, "Discard").Click();
        Assert.Equal(Line3.Settings!.Host, Field(again, "Host").GetAttribute("value"));
        Assert.Equal(Line3.Settings.Host, Field(OpenName("line3-broker"), "Host").GetAttribute("value"));
    }

    [Fact]
    public void A_change_by_others_shows_at_once_where_nothing_was_typed()
    {
        var page = OpenStored(Line3);
        Store.PutOutside(Line3 with { Settings = Line3.Settings! with { Host = "theirs.example:8883" } });
        page.WaitForAssertion(() => Assert.Equal("theirs.example:8883", Field(page, "Host").GetAttribute("value")));
        Assert.Empty(page.FindAll(".outside"));
    }

    [Fact]
    public void Both_sides_of_a_conflict_can_be_chosen_and_nothing_is_lost()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Input("mine.example:8883");
        Field(page, "Synced secret name").Input("mine-secret");
        var theirs = (MqttSettings)Line3.Settings! with { Host = "theirs.example:8883", KeepAliveSeconds = 30 };
        Store.PutOutside(Line3 with { Settings = theirs });
        page.WaitForAssertion(() => Button(page, "Compare and merge").Click());
        Assert.Equal(["Mine", "Theirs"], page.FindAll(".way span:nth-child(2)").Select(side => side.TextContent));
        Assert.Contains("Keep alive", page.Find(".conflict").TextContent);
        page.FindAll(".way input")[1].Change("on");
        Button(page, "Merge and go on").Click();
        Assert.Equal("theirs.example:8883", Field(page, "Host").GetAttribute("value"));
        Assert.Equal("mine-secret", Field(page, "Synced secret name").GetAttribute("value"));
        Button(page, "Review and apply1").Click();
        Button(Dialogs, "Apply").Click();
        var merged = InStore("line3-broker")!.Mqtt!;
        Assert.Equal(("theirs.example:8883", 30L, "mine-secret"), (merged.Host, merged.KeepAliveSeconds, merged.Authentication!.SecretReference));
    }

    [Fact]
    public void A_conflict_at_apply_leads_to_the_comparison()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Input("mine.example:8883");
        Button(page, "Review and apply1").Click();
        Store.PutOutside(Line3 with { Settings = Line3.Settings! with { Host = "theirs.example:8883" } });
        Button(Dialogs, "Apply").Click();
        page.WaitForAssertion(() => Assert.Contains("mine.example:8883", page.Find(".conflict").TextContent));
        Assert.Contains("theirs.example:8883", page.Find(".conflict").TextContent);
    }

    [Fact]
    public void Mine_can_be_kept_over_theirs()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Input("mine.example:8883");
        Store.PutOutside(Line3 with { Settings = Line3.Settings! with { Host = "theirs.example:8883" } });
        page.WaitForAssertion(() => Button(page, "Keep mine").Click());
        Button(page, "Review and apply1").Click();
        Assert.Contains("theirs.example:8883", Dialogs.Find(".card").TextContent);
        Button(Dialogs, "Apply").Click();
        Assert.Equal("mine.example:8883", InStore("line3-broker")!.Settings!.Host);
    }

    [Fact]
    public void An_endpoint_that_others_deleted_can_be_created_again()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Input("mine.example:8883");
        Store.RemoveOutside(ResourceKind.DataflowEndpoint, "line3-broker");
        page.WaitForAssertion(() => Button(page, "Create it again").Click());
        Button(page, "Review and apply").Click();
        Button(Dialogs, "Apply").Click();
        Assert.Equal("mine.example:8883", InStore("line3-broker")!.Settings!.Host);
    }

    [Fact]
    public void The_consumer_group_that_a_dataflow_reads_with_is_not_removed()
    {
        var kafka = EndpointKind.CustomKafka.New("orders");
        Store.PutOutside(new Dataflow
        {
            Name = "reads-orders",
            Source = new DataflowSource { EndpointRef = "orders", DataSources = ["orders"] },
        });
        var page = OpenStored(kafka with { Settings = kafka.Kafka! with { Host = "kafka.example:9092", Authentication = new Authentication.Anonymous(), ConsumerGroupId = "line3" } }, "advanced");
        Field(page, Portal.Model.Fields.EndpointFields.Find(Wire.Kafka, "kafkaSettings.consumerGroupId")!.Label).Input("");
        page.WaitForAssertion(() => Assert.Contains("Kafka type source endpoints must have a consumerGroupId defined", page.Markup));
        Assert.Contains("reads-orders", page.Markup);
    }

    [Fact]
    public void Deleting_what_dataflows_use_wants_the_name_typed()
    {
        Store.PutOutside(new Dataflow { Name = "line3-mirror", Source = new DataflowSource { EndpointRef = "line3-broker" } });
        OpenStored(Line3);
        OpenDelete("line3-broker");
        Assert.Contains("line3-mirror", Dialogs.Markup);
        Assert.True(Button(Dialogs, "Delete").HasAttribute("disabled"));
        Field(Dialogs, "Type line3-broker to delete it").Input("line3-broker");
        Button(Dialogs, "Delete").Click();
        Assert.Null(InStore("line3-broker"));
        Assert.Contains(Activity.Entries, entry => entry is { Action: ActivityAction.Deleted, Before: not null });
    }

    [Fact]
    public void The_built_in_brokers_endpoint_is_not_deleted_by_mistake()
    {
        OpenStored(EndpointKind.LocalMqtt.New("default"));
        OpenDelete("default");
        Assert.Contains("built-in broker", Dialogs.Markup);
        Assert.True(Button(Dialogs, "Delete").HasAttribute("disabled"));
    }

    private void OpenDelete(string name)
    {
        var page = OpenName(name);
        page.InvokeAsync(() => page.FindComponent<EditorHeader>().Instance.OnDelete.InvokeAsync());
        Dialogs.WaitForElement(".mud-dialog");
    }

    [Fact]
    public void A_copy_starts_with_the_settings_and_another_name()
    {
        Store.PutOutside(Line3);
        Store.PutOutside(Line3 with { Name = "line3-broker-copy" });
        var page = OpenNew(EndpointKind.CustomMqtt, "line3-broker");
        Assert.Equal("line3-broker-copy-2", Field(page, "Name").GetAttribute("value"));
        Assert.Equal(Line3.Settings!.Host, Field(page, "Host").GetAttribute("value"));
    }

    [Fact]
    public void A_type_that_is_not_edited_is_shown_as_it_is()
    {
        var page = OpenStored(new DataflowEndpoint { Name = "lake", OtherType = "DataLakeStorage" });
        Assert.Contains("Read only", page.Find(".ehead").TextContent);
        Assert.Contains("endpointType: DataLakeStorage", page.Find(".code").TextContent);
        Assert.Empty(page.FindAll(".formcol"));
    }

    [Fact]
    public void What_is_not_there_and_what_cannot_be_read_is_said()
    {
        Assert.Contains("There is no endpoint nobody", OpenName("nobody").Markup);
        Store.Problems.Add(new StoreProblem("broken.yaml", "broken", Finding.Error("yaml", "", "The text is no YAML.", "Close the quote.") with { Line = 7, Column = 3 }));
        var broken = OpenName("broken").Markup;
        Assert.Contains("The text is no YAML.", broken);
        Assert.Contains("line 7, column 3", broken);
    }

    [Fact]
    public async Task Leaving_with_changes_asks_first()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Input("mine.example:8883");
        await page.InvokeAsync(() => Navigation.NavigateTo("/endpoints"));
        Dialogs.WaitForElement(".mud-dialog");
        Button(Dialogs, "Stay").Click();
        // The next question is another dialog: a click on this one while it goes would be nobody's answer.
        Dialogs.WaitForAssertion(() => Assert.Empty(Dialogs.FindAll(".mud-dialog")));
        await Wait.UntilHoldsAsync(() => Assert.EndsWith("/endpoints/line3-broker", Navigation.Uri));
        await page.InvokeAsync(() => Navigation.NavigateTo("/endpoints"));
        Dialogs.WaitForElement(".mud-dialog");
        Button(Dialogs, "Keep draft and leave").Click();
        await Wait.UntilHoldsAsync(() => Assert.EndsWith("/endpoints", Navigation.Uri));
        Assert.Equal("mine.example:8883", Field(OpenName("line3-broker"), "Host").GetAttribute("value"));
    }

    [Fact]
    public void Who_uses_it_and_what_happened_have_tabs()
    {
        Store.PutOutside(new Dataflow { Name = "line3-mirror", Destination = new DataflowDestination { EndpointRef = "line3-broker" } });
        Activity.Entries.Add(new ActivityEntry(Time.GetUtcNow(), "operator", ActivityAction.Changed, "DataflowEndpoint", "line3-broker", "line3-broker changed", "a: 1\n", "a: 2\n"));
        var page = OpenStored(Line3, "used-by");
        Assert.Contains("line3-mirror", page.Find(".tb").TextContent);
        Assert.Contains("Destination", page.Find(".tb").TextContent);
        page = OpenName("line3-broker", "history");
        Assert.Contains("line3-broker changed", page.Find(".hist").TextContent);
        Assert.Contains("+ a: 2", page.Find(".hist .diff").TextContent);
    }
}
