using Microsoft.Extensions.Configuration;
using Portal.Hosting;
using Portal.Tests.Shared;

namespace Portal.Tests.FlowHosts;

public sealed class RoleOptionsTests
{
    private const string Token = "0123456789abcdef";

    [Fact]
    public void Without_settings_a_portal_is_alone() => Assert.Equal((PortalRole.All, 0, 0), (Of("line3-7").Role, Of("line3-7").InstanceId, Of("line3-7").FlowHosts.Count));

    [Theory]
    [InlineData("portal-flows-1", null, 1)]
    [InlineData("portal-flows-1", "0", 0)]
    [InlineData("edge", null, 0)]
    [InlineData("7", null, 0)]
    public void A_flow_host_takes_its_number_from_the_setting_or_the_name_of_its_machine(string machine, string? given, int expected)
    {
        var role = Of(machine, [.. Flows, ("Portal:InstanceId", given)]);
        Assert.Equal(expected, role.InstanceId);
        Assert.Equal(expected == 0 ? [0, 2, 4] : [1, 3], role.Messaging.Flows!.Of(5));
        Assert.NotEqual((role with { InstanceId = 5 }).Messaging.Counters, role.Messaging.Counters);
    }

    [Fact]
    public void Addresses_may_stand_in_one_text() =>
        Assert.Equal(2, Of("a", ("Portal:Role", "Portal"), ("Portal:FlowHosts", "http://a:1; https://b:2/"), ("Portal:FlowHostToken", Token)).FlowHosts.Count);

    [Theory]
    [InlineData("Portal:Role", "Flow", "All, Portal or Flows")]
    [InlineData("Portal:Role", "1", "All, Portal or Flows")]
    [InlineData("Portal:InstanceId", "2", "0 to 1")]
    [InlineData("Portal:InstanceId", "-1", "0 to 1")]
    [InlineData("Portal:FlowHosts:1", "b:5080", "base addresses such as")]
    [InlineData("Portal:FlowHosts:1", "http://b/x", "base addresses such as")]
    [InlineData("Portal:FlowHosts:1", "http://a:1/", "each address once")]
    [InlineData("Portal:FlowHostToken", "", "Portal:FlowHostTokenFile")]
    [InlineData("Portal:FlowHostTokenFile", "/not/there", "nothing while Portal:FlowHostToken is set")]
    public void A_bad_combination_names_key_value_and_what_is_allowed(string key, string value, string allowed)
    {
        var failure = Assert.Throws<BadSettingException>(() => Of("edge", [.. Flows, (key, value)]));
        Assert.Contains(key.Split(":1")[0], failure.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_portal_that_is_alone_has_no_flow_hosts()
    {
        var failure = Assert.Throws<BadSettingException>(() => Of("edge", [.. Flows, ("Portal:Role", "All")]));
        Assert.Contains("The setting Portal:FlowHosts is 'http://a:1/;http://b:1/'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("set Portal:Role to Portal", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sandbox_stays_with_the_portal_that_is_alone()
    {
        var failure = Assert.Throws<BadSettingException>(() => PortalOptions.From(Configuration([.. Flows, ("Portal:DataDirectory", "/x"), ("Portal:InstanceId", "0"), ("Portal:Sandbox:Enabled", "true")])));
        Assert.Contains("false while Portal:Role is Flows", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_read_from_a_file_compared_whole_and_never_said()
    {
        using var folder = new TemporaryFolder();
        var role = Of("edge", ("Portal:Role", "Flows"), ("Portal:FlowHostTokenFile", folder.Write("token", Token + "\n")));
        Assert.True(role.Token!.IsIn("Bearer " + Token));
        Assert.All(new[] { null, "", Token, "Bearer", "Bearer " + Token[..^1], "Bearer " + Token + "0", "Basic " + Token }, wrong => Assert.False(role.Token.IsIn(wrong)));
        Assert.DoesNotContain(Token, role.ToString(), StringComparison.Ordinal);
        var failure = Assert.Throws<BadSettingException>(() => Of("edge", ("Portal:Role", "Flows"), ("Portal:FlowHostToken", "too-short")));
        Assert.DoesNotContain("too-short", failure.Message, StringComparison.Ordinal);
    }

    private static (string, string?)[] Flows => [("Portal:Role", "Flows"), ("Portal:FlowHosts:0", "http://a:1"), ("Portal:FlowHosts:1", "http://b:1"), ("Portal:FlowHostToken", Token)];

    private static RoleOptions Of(string machine, params (string Key, string? Value)[] settings) => RoleOptions.From(Configuration(settings), machine);

    private static IConfiguration Configuration((string Key, string? Value)[] settings)
    {
        var values = new Dictionary<string, string?>();
        foreach (var (key, value) in settings)
            values[key] = value;
        return new ConfigurationBuilder().AddInMemoryCollection(values).Build();
    }
}
