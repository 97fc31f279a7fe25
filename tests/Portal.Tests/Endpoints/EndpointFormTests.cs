using Bunit;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Resources;
using InputKind = Portal.Model.Fields.FieldInput;

namespace Portal.Tests.Endpoints;

/// <summary>The form of every kind and method, and of every field that depends on another.</summary>
public sealed class EndpointFormTests : EndpointPageContext
{
    public static TheoryData<string, string> KindsAndMethods => [.. EndpointKind.All.SelectMany(kind => kind.AllMethods.Select(method => (kind.Id, method.ToString())))];

    public static TheoryData<string> Kinds => [.. EndpointKind.All.Select(kind => kind.Id)];

    [Theory]
    [MemberData(nameof(KindsAndMethods))]
    public void Every_method_shows_its_own_fields_and_no_others(string kindId, string method)
    {
        var kind = EndpointKind.Find(kindId)!;
        var page = OpenNew(kind);
        Field(page, "Authentication method").Change(method);
        var endpoint = kind.New() with { Settings = kind.Preset with { Authentication = Authentication.Of(Enum.Parse<AuthenticationMethod>(method)) } };
        var fields = EndpointFields.For(kind).Where(field => field.Tab is FieldTab.Basic && field.AppliesTo(endpoint));
        var entries = SecretEntryField.For(endpoint.Settings.Authentication!.Method, kind).Select(entry => entry.Label);
        Assert.Equal([Text.Field_Name, .. fields.Select(field => field.Label), .. entries], Labels(page));
        Assert.Contains($"method: {method}", page.Find(".code").TextContent);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_advanced_tab_shows_every_field_with_its_default(string kindId)
    {
        var kind = EndpointKind.Find(kindId)!;
        var page = OpenNew(kind);
        ShowTab("advanced");
        var fields = EndpointFields.For(kind).Where(field => field.Tab is FieldTab.Advanced && field.AppliesTo(kind.New())).ToList();
        Assert.Equal(fields.Select(field => field.Label), Labels(page));
        foreach (var field in fields.Where(field => field.Input is InputKind.Number && field.Default is not null))
        {
            var placeholder = Field(page, field.Label).GetAttribute("placeholder")!.Replace(",", "", StringComparison.Ordinal);
            Assert.Equal($"Default: {field.Default} {field.Unit}".TrimEnd(), placeholder);
        }
        Assert.Equal(fields.Select(field => field.Section).Distinct(), page.FindAll(".formcol h2").Select(title => title.TextContent));
    }

    [Fact]
    public void Only_methods_of_the_kind_are_offered_and_those_of_the_schema_alone_say_so()
    {
        var page = OpenNew(EndpointKind.CustomKafka);
        var select = Field(page, "Authentication method");
        Assert.Equal(
            ["", .. EndpointKind.CustomKafka.AllMethods.Select(method => method.ToString())],
            select.QuerySelectorAll("option").Select(option => option.GetAttribute("value")));
        var group = select.QuerySelector("optgroup")!;
        Assert.Equal("Also in the schema", group.GetAttribute("label"));
        Assert.Equal("X509Certificate", group.QuerySelector("option")!.GetAttribute("value"));
        Assert.Null(Field(OpenNew(EndpointKind.CustomMqtt), "Authentication method").QuerySelector("optgroup"));
    }

    [Fact]
    public void The_partition_key_appears_with_its_strategy()
    {
        var page = OpenNew(EndpointKind.CustomKafka);
        ShowTab("advanced");
        Assert.False(HasField(page, "Partition key property"));
        Field(page, "Partition handling strategy").Change("Property");
        Field(page, "Partition key property").Input("device-id");
        Assert.Contains("partitionKeyProperty: device-id", page.Find(".code").TextContent);
    }

    [Fact]
    public void The_numbers_of_batching_go_with_it()
    {
        var page = OpenNew(EndpointKind.EventHubs);
        ShowTab("advanced");
        var batching = EndpointFields.Kafka.Where(field => field.Path.StartsWith("kafkaSettings.batching.", StringComparison.Ordinal)).ToList();
        Field(page, batching[0].Label).Change(false);
        Assert.All(batching[1..], field => Assert.False(HasField(page, field.Label)));
        Field(page, batching[0].Label).Change(true);
        Assert.All(batching[1..], field => Assert.True(HasField(page, field.Label)));
    }

    [Theory]
    [InlineData("eventhub", true)]
    [InlineData("eventgrid", true)]
    [InlineData("custom-mqtt", false)]
    public void Tls_cannot_be_switched_off_where_the_service_demands_it(string kindId, bool forced)
    {
        var page = OpenNew(EndpointKind.Find(kindId)!);
        ShowTab("advanced");
        var tls = Field(page, "TLS mode enabled");
        Assert.True(tls.HasAttribute("checked"));
        Assert.Equal(forced, tls.HasAttribute("disabled"));
        Assert.Equal(forced, page.Markup.Contains("accepts TLS connections only", StringComparison.Ordinal));
    }

    [Fact]
    public void The_audience_that_applies_is_shown_for_the_host()
    {
        var page = OpenNew(EndpointKind.EventHubs);
        Field(page, "Host").Input("factory.servicebus.windows.net:9093");
        Assert.Equal("Default: https://factory.servicebus.windows.net", Field(page, "Audience").GetAttribute("placeholder"));
    }

    [Fact]
    public void A_problem_stands_at_its_field_on_its_tab_and_in_the_strip()
    {
        var page = OpenNew(EndpointKind.CustomMqtt);
        Field(page, "Host").Input("broker.example");
        Assert.Equal("true", Field(page, "Host").GetAttribute("aria-invalid"));
        Assert.Contains("The port is missing.", MessageOf(page, "Host"));
        Assert.Contains(Field(page, "Host").Id + "-msg", Field(page, "Host").GetAttribute("aria-describedby"));
        Assert.Contains("The port is missing.", page.Find(".problems").TextContent);
        Assert.Equal("1", page.Find("[role=tab] .q.err [aria-hidden]").TextContent);
        Field(page, "Host").Input("broker.example:8883");
        Assert.Empty(page.FindAll(".problems button"));
    }

    [Fact]
    public void A_number_that_is_none_keeps_its_text()
    {
        var page = OpenStored(Line3, "advanced");
        Field(page, "Keep alive").Input("abc");
        Assert.Equal("abc", Field(page, "Keep alive").GetAttribute("value"));
        Assert.Contains("not a whole number", MessageOf(page, "Keep alive"));
    }

    [Fact]
    public void A_changed_field_can_be_put_back()
    {
        var page = OpenStored(Line3, "advanced");
        Field(page, "Maximum in-flight messages").Input("200");
        Assert.Contains("maxInflightMessages: 200", page.Find(".code").TextContent);
        Assert.Contains("mod", page.FindAll(".code .ln").First(line => line.TextContent.Contains("maxInflightMessages", StringComparison.Ordinal)).ClassName);
        Assert.Single(page.FindAll(".f .badge"));
        Button(page, Text.Field_Revert).Click();
        Assert.Contains("maxInflightMessages: 100", page.Find(".code").TextContent);
        Assert.Equal("100", Field(page, "Maximum in-flight messages").GetAttribute("value"));
        Assert.Empty(page.FindAll(".f .badge"));
    }

    [Fact]
    public void A_field_can_be_left_to_its_default()
    {
        var page = OpenStored(Line3, "advanced");
        page.Find("[data-field$=maxInflightMessages] [aria-label='Reset to default']").Click();
        Assert.DoesNotContain("maxInflightMessages", page.Find(".code").TextContent);
        Assert.Equal("Default: 100 messages", Field(page, "Maximum in-flight messages").GetAttribute("placeholder"));
    }

    [Fact]
    public void The_line_of_the_field_with_the_focus_is_marked()
    {
        var page = OpenStored(Line3);
        Field(page, "Host").Focus();
        Assert.Contains("host:", page.Find(".code .ln.cur").TextContent);
    }

    [Fact]
    public void Every_control_has_a_label_and_every_description_is_there()
    {
        foreach (var kind in EndpointKind.All)
        {
            var page = OpenNew(kind);
            foreach (var control in page.FindAll(".formcol input, .formcol select"))
            {
                Assert.Single(page.FindAll($"label[for={control.Id}]"));
                foreach (var id in control.GetAttribute("aria-describedby")!.Split(' '))
                    Assert.NotNull(page.Find("#" + id));
            }
        }
    }

    [Fact]
    public void The_name_is_free_until_it_is_applied()
    {
        Assert.False(Field(OpenNew(EndpointKind.CustomMqtt), "Name").HasAttribute("readonly"));
        Assert.True(Field(OpenStored(Line3), "Name").HasAttribute("readonly"));
    }
}
