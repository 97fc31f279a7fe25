using Bunit;
using Portal.Components.Pages;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Tests.Lists;

/// <summary>The activity page: entries, differences and the way back.</summary>
public sealed class ActivityPageTests : ListsContext
{
    private static readonly DataflowEndpoint Before = Of(EndpointKind.CustomMqtt, "line3-broker", "mqtt.line3.example:8883");
    private static readonly DataflowEndpoint After = Of(EndpointKind.CustomMqtt, "line3-broker", "mqtt.line3.example:8884");

    private Task LogAsync(ActivityAction action, string subject, string? before = null, string? after = null, string kind = nameof(ResourceKind.DataflowEndpoint)) =>
        Activity.AppendAsync(new ActivityEntry(Time.GetUtcNow(), "operator", action, kind, subject, $"{subject} {action}", before, after), Ending);

    [Fact]
    public async Task The_newest_comes_first_and_more_is_loaded_on_demand()
    {
        for (var i = 1; i <= 60; i++)
            await LogAsync(ActivityAction.Tested, $"cell-{i:00}");
        var page = Open<ActivityPage>("/activity");
        Assert.Equal(50, page.FindAll(".act").Count);
        Assert.Contains("cell-60", page.Find(".act").TextContent);
        Button(page, Text.Activity_More).Click();
        Assert.Equal(60, page.FindAll(".act").Count);
        Assert.Contains(Text.Activity_End, page.Markup);
    }

    [Theory]
    [InlineData("kind=Secret", 1)]
    [InlineData("action=Created", 1)]
    [InlineData("q=historian", 2)]
    [InlineData("q=nowhere", 0)]
    public async Task Subject_kind_and_action_filter(string query, int expected)
    {
        await LogAsync(ActivityAction.Tested, "historian");
        await LogAsync(ActivityAction.SecretSet, "historian-password", kind: "Secret");
        await LogAsync(ActivityAction.Created, "line3-broker");
        var page = Open<ActivityPage>("/activity?" + query);
        Assert.Equal(expected, page.FindAll(".act").Count);
        page.FindAll("button").First(button => button.TextContent.Trim() == Text.Endpoints_Clear).Click();
        Assert.Equal(3, page.FindAll(".act").Count);
    }

    [Fact]
    public async Task An_entry_opens_to_its_difference()
    {
        await LogAsync(ActivityAction.Changed, "line3-broker", Manifest.Write(Before), Manifest.Write(After));
        var page = Open<ActivityPage>("/activity");
        Assert.Empty(page.FindAll(".diff"));
        Button(page, "Show difference: line3-broker").Click();
        Assert.Contains("8883", page.Find(".diff .d").TextContent);
        Assert.Contains("8884", page.Find(".diff .a").TextContent);
    }

    [Fact]
    public async Task Undo_of_a_change_stores_what_was_before_and_is_recorded()
    {
        Store.PutOutside(After);
        await LogAsync(ActivityAction.Changed, "line3-broker", Manifest.Write(Before), Manifest.Write(After));
        Button(Open<ActivityPage>("/activity"), "Undo the change of line3-broker").Click();
        Assert.Contains("8883", Dialogs.Find(".diff .a").TextContent);
        Assert.Empty(Dialogs.FindAll(".msg.warn"));
        Button(Dialogs, "Undo").Click();
        Assert.Equal("mqtt.line3.example:8883", InStore("line3-broker")!.Settings!.Host);
        Assert.Equal(2, Activity.Entries.Count);
        Snackbars.WaitForAssertion(() => Assert.Contains("line3-broker is stored as it was before", Snackbars.Markup));
    }

    [Fact]
    public async Task Undo_of_a_deletion_brings_it_back()
    {
        await LogAsync(ActivityAction.Deleted, "line3-broker", Manifest.Write(Before));
        Button(Open<ActivityPage>("/activity"), "Undo the change of line3-broker").Click();
        Assert.Contains(Text.Activity_UndoCreates, Dialogs.Markup);
        Button(Dialogs, "Undo").Click();
        Assert.NotNull(InStore("line3-broker"));
    }

    [Fact]
    public async Task Undo_says_that_later_changes_go_too_and_a_change_meanwhile_stays()
    {
        Store.PutOutside(Of(EndpointKind.CustomMqtt, "line3-broker", "later.example:8883"));
        await LogAsync(ActivityAction.Changed, "line3-broker", Manifest.Write(Before), Manifest.Write(After));
        Button(Open<ActivityPage>("/activity"), "Undo the change of line3-broker").Click();
        Assert.Contains(Text.Activity_UndoOverwrites, Dialogs.Find(".msg.warn").TextContent);
        Store.PutOutside(Of(EndpointKind.CustomMqtt, "line3-broker", "meanwhile.example:8883"));
        Button(Dialogs, "Undo").Click();
        Snackbars.WaitForAssertion(() => Assert.Contains(Text.Store_Conflict, Snackbars.Markup));
        Assert.Equal("meanwhile.example:8883", InStore("line3-broker")!.Settings!.Host);
    }

    [Fact]
    public async Task What_cannot_be_taken_back_offers_no_undo()
    {
        await LogAsync(ActivityAction.Created, "line3-broker", null, Manifest.Write(Before));
        await LogAsync(ActivityAction.SecretSet, "line3-password", kind: "Secret");
        Assert.DoesNotContain(Open<ActivityPage>("/activity").FindAll("button"), button => button.TextContent.Trim() == "Undo");
    }

    [Fact]
    public async Task A_new_entry_appears_by_itself()
    {
        var page = Open<ActivityPage>("/activity");
        Assert.Contains(Text.Activity_Empty, page.Markup);
        await LogAsync(ActivityAction.Tested, "historian");
        LetSettle();
        page.WaitForAssertion(() => Assert.Contains("historian", page.Find(".act").TextContent));
    }
}
