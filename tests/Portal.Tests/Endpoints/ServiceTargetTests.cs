using Bunit;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Tests.Shared;

namespace Portal.Tests.Endpoints;

/// <summary>What a target that is a service adds to the form: refusals at fields, changes that take their time, config maps elsewhere, roles.</summary>
public sealed class ServiceTargetTests : EndpointPageContext
{
    [Fact]
    public void What_a_service_refuses_stays_beside_its_field_until_that_changes()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Input("other.example:8883");
        Store.NextAnswer = new StoreResult.Invalid([Finding.Error("azure-bad", "spec.mqttSettings.host", "Azure refuses it: no such host.", "Change the field and apply again.")]);
        Apply(page);
        Assert.Contains("no such host", Dialogs.Find("[role=alert]").TextContent);
        Button(Dialogs, "Cancel").Click();
        page.WaitForAssertion(() => Assert.Contains("no such host", MessageOf(page, "Host")));
        Assert.Contains("no such host", page.Find(".problems").TextContent);

        ShowTab("advanced");
        Field(page, "Keep alive").Input("70");
        Assert.Contains("no such host", page.Find(".problems").TextContent);
        ShowTab("basic");
        Field(page, "Host").Input("third.example:8883");
        Assert.DoesNotContain("no such host", page.Markup);
        Apply(page);
        Assert.Equal("third.example:8883", Stored.Host);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_stops_waiting_sees_what_was_taken_as_stored(bool isNew)
    {
        var page = isNew ? OpenNew(EndpointKind.CustomMqtt) : OpenStored(Line3);
        if (isNew)
            Field(page, "Name").Input("line3-broker");
        Field(page, "Host").Input("other.example:8883");
        if (isNew)
            Field(page, "Authentication method").Change("Anonymous");
        Store.GoesOn = new ChangeProgress(ResourceKind.DataflowEndpoint, "line3-broker", IsTaken: true, "Accepted");
        Apply(page);
        Time.Advance(TimeSpan.FromSeconds(2));
        Dialogs.WaitForAssertion(() => Assert.Contains("its state there is Accepted", Dialogs.Find(".wait").TextContent));
        Button(Dialogs, "Stop waiting").Click();
        Dialogs.WaitForAssertion(() => Assert.Empty(Dialogs.FindAll(".mud-dialog")));
        await Wait.UntilHoldsAsync(() => Assert.Contains("You stopped waiting", Snackbars.Markup));
        Assert.Equal("other.example:8883", Stored.Host);
        await Wait.UntilHoldsAsync(() => Assert.EndsWith("/endpoints/line3-broker", Navigation.Uri));
        page.WaitForAssertion(() => Assert.DoesNotContain("Draft", page.Find(".ehead").TextContent));
        Assert.Empty(page.FindAll(".outside"));
        Assert.Contains("not waited for", Assert.Single(Activity.Entries).Summary);
    }

    [Fact]
    public void Config_maps_that_the_target_cannot_read_are_not_called_missing()
    {
        (ConfigMaps.Hidden, ConfigMaps.IsElsewhere) = (new StoreResult.Denied("Config maps are kept in the cluster.", "Create it there."), true);
        var endpoint = Line3 with { Settings = Line3.Mqtt! with { Tls = new TlsSettings { Mode = OperationalMode.Enabled, TrustedCaCertificateConfigMapRef = "line3-ca" } } };
        var page = OpenStored(endpoint, "advanced");
        Assert.Contains("kept in the cluster", MessageOf(page, "Trusted CA certificate config map"));
        Assert.DoesNotContain("There is no config map", page.Markup);
        Button(page, "Upload CA").Click();
        Assert.Contains("kubectl -n azure-iot-operations create configmap line3-broker-ca --from-file=ca.crt", Dialogs.Find(".codebox").TextContent);
        Button(Dialogs, "Use this name").Click();
        page.WaitForAssertion(() => Assert.Equal("line3-broker-ca", Field(page, "Trusted CA certificate config map").GetAttribute("value")));
    }

    [Fact]
    public void No_command_creates_config_maps_that_are_only_not_readable_for_a_while()
    {
        ConfigMaps.Hidden = new StoreResult.Denied("The cluster does not answer.", "Look whether it runs.");
        var page = OpenStored(Line3 with { Settings = Line3.Mqtt! with { Tls = new TlsSettings { Mode = OperationalMode.Enabled, TrustedCaCertificateConfigMapRef = "line3-ca" } } }, "advanced");
        Assert.Contains("Look whether it runs.", MessageOf(page, "Trusted CA certificate config map"));
        Button(page, "Upload CA").Click();
        Assert.Contains("Try again when the cluster can be read", Dialogs.Find(".msg.info").TextContent);
        Assert.DoesNotContain("kubectl", page.Markup + Dialogs.Markup);
    }

    [Fact]
    public void Who_stops_waiting_for_a_deletion_is_told_when_it_is_done_and_it_is_noted()
    {
        var page = OpenStored(Line3);
        Store.GoesOn = new ChangeProgress(ResourceKind.DataflowEndpoint, "line3-broker", IsTaken: true, "Deleting");
        page.InvokeAsync(() => page.FindComponent<Components.Editing.EditorHeader>().Instance.OnDelete.InvokeAsync());
        Button(Dialogs, "Delete").Click();
        Time.Advance(TimeSpan.FromSeconds(2));
        Dialogs.WaitForAssertion(() => Button(Dialogs, "Stop waiting").Click());
        Dialogs.WaitForAssertion(() => Assert.Contains("gone from its list", Dialogs.Find("[role=alert]").TextContent));
        Assert.DoesNotContain("apply again", Dialogs.Markup);
        Assert.Contains("deleted, not waited for", Assert.Single(Activity.Entries).Summary);
    }

    [Fact]
    public void A_refusal_that_comes_after_the_review_was_closed_is_not_noted()
    {
        var answer = new TaskCompletionSource();
        Store.PlansAfter = answer.Task;
        Store.Plan = (_, _) => new StoreResult.Invalid([Finding.Error("azure-bad", "spec.mqttSettings.host", "Azure refuses it: no such host.", "Change the field.")]);
        var page = OpenStored(Line3);
        Field(page, "Host").Input("other.example:8883");
        Assert.Single(page.FindAll(".ehead button"), button => button.TextContent.Trim().StartsWith("Review and apply", StringComparison.Ordinal)).Click();
        Button(Dialogs, "Cancel").Click();
        Dialogs.WaitForAssertion(() => Assert.Empty(Dialogs.FindAll(".mud-dialog")));
        Field(page, "Host").Input("third.example:8883");
        answer.SetResult();
        ShowTab("advanced");
        ShowTab("basic");
        Assert.Equal("third.example:8883", Field(page, "Host").GetAttribute("value"));
        Assert.DoesNotContain("no such host", page.Markup);
    }

    [Fact]
    public void The_role_of_a_managed_identity_stands_below_its_fields_the_direction_in_use_first()
    {
        var endpoint = ValidEndpoint.Of(EndpointKind.EventHubs, AuthenticationMethod.UserAssignedManagedIdentity);
        Store.PutOutside(new Dataflow { Name = "press", Source = new DataflowSource { EndpointRef = endpoint.Name, DataSources = ["a"] }, Destination = new DataflowDestination { EndpointRef = "other", DataDestination = "b" } });
        var page = OpenStored(endpoint);
        var roles = page.FindAll(".role");
        Assert.Equal(["Azure Event Hubs Data Receiver", "Azure Event Hubs Data Sender"], roles.Select(role => role.GetAttribute("aria-label")));
        Assert.Contains("Source of press", roles[0].TextContent);
        Assert.Contains(ValidEndpoint.ClientId, roles[0].TextContent);
        Assert.Contains("<PRINCIPAL_ID>", roles[0].TextContent);
        Assert.Contains("az identity list", roles[0].TextContent);
        Assert.Empty(OpenNew(EndpointKind.CustomMqtt).FindAll(".role"));
    }

    private MqttSettings Stored => ((DataflowEndpoint)Store.Get(ResourceKind.DataflowEndpoint, "line3-broker")!.Value).Mqtt!;

    private void Apply(IRenderedComponent<Components.Pages.EndpointPage> page)
    {
        Assert.Single(page.FindAll(".ehead button"), button => button.TextContent.Trim().StartsWith("Review and apply", StringComparison.Ordinal)).Click();
        Button(Dialogs, "Apply").Click();
    }
}
