using Microsoft.Extensions.Configuration;
using Portal.Hosting;
using Portal.Targets;

namespace Portal.Tests.Targets;

public sealed class TargetSettingsTests
{
    [Fact]
    public void Without_settings_the_data_folder_is_the_target()
    {
        var target = Assert.Single(From());
        Assert.Equal((TargetKind.Folder, "/var/portal", "portal", true), (target.Kind, target.DataDirectory, target.Place, target.IsImplied));
    }

    [Fact]
    public void The_first_of_several_is_the_default_and_may_be_the_data_folder() => Assert.Equal(
        [("line3", "/var/portal"), ("line4", "/srv/line4")],
        From(("0:Name", "line3"), ("0:Kind", "Folder"), ("1:Name", "line4"), ("1:Kind", "folder"), ("1:Path", "/srv/line4")).Select(target => (target.Name, target.DataDirectory)));

    [Theory]
    [InlineData("0:Name", "", "a-z, 0-9 and hyphen")]
    [InlineData("0:Name", "Line 3", "a-z, 0-9 and hyphen")]
    [InlineData("0:Name", "line4", "a name that no other target has")]
    [InlineData("0:Kind", "", "Folder")]
    [InlineData("0:Kind", "0", "Folder")]
    [InlineData("1:Path", "", "data folder of its own")]
    [InlineData("1:Path", "/var/portal", "a folder that no other target has")]
    [InlineData("1:Pfad", "/srv/x", "nothing; a target of kind Folder has")]
    public void A_bad_value_names_key_value_and_what_is_allowed(string key, string value, string allowed)
    {
        var failure = Assert.Throws<BadSettingException>(() => From(("0:Name", "line3"), ("0:Kind", "Folder"), ("1:Name", "line4"), ("1:Kind", "Folder"), ("1:Path", "/srv/line4"), (key, value)));
        Assert.Contains($"Portal:Targets:{key} is '{value}'", failure.Message.Replace("Portal:Targets:0:Path", "Portal:Targets:1:Path", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(allowed, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_of_Azure_is_checked_and_never_runs_dataflows_here()
    {
        (string, string)[] azure = [("0:Name", "plant"), ("0:Kind", "Azure"), ("0:Azure:SubscriptionId", "00000000-0000-0000-0000-000000000000"), ("0:Azure:ResourceGroup", "plant-rg"), ("0:Azure:Instance", "plant-aio")];
        var target = Assert.Single(From(azure));
        Assert.Equal((TargetKind.Azure, "plant-aio", Messaging.Flows.FlowRule.None, "/var/portal/targets/plant"), (target.Kind, target.Place, target.Rule, target.DataDirectory));
        var failure = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => From([.. azure, ("0:Azure:SubscriptionId", "mine")]));
        Assert.Contains("Portal:Targets:0:Azure:SubscriptionId is 'mine'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("SubscriptionId", Assert.Throws<BadSettingException>(() => From([.. azure, ("0:Azure:Subscription", "x")])).Message, StringComparison.Ordinal);
    }

    private static IReadOnlyList<TargetSettings> From(params (string Key, string Value)[] settings)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
            values["Portal:Targets:" + key] = value;
        return TargetSettings.From(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), "/var/portal");
    }
}
