using Microsoft.Extensions.Configuration;
using Portal.Hosting;
using Portal.Security;

namespace Portal.Tests.Security;

public sealed class ListenGuardTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://localhost:5080")]
    [InlineData("http://[::1]:5080")]
    [InlineData("http://127.9.9.9:1;https://localhost:2")]
    public void Loopback_addresses_start(string urls) => Check(("urls", urls));

    [Theory]
    [InlineData("urls", "http://0.0.0.0:5080")]
    [InlineData("urls", "http://*:5080")]
    [InlineData("urls", "http://[::]:5080")]
    [InlineData("urls", "http://127.0.0.1:1;http://portal.example:2")]
    [InlineData("urls", "http://192.168.1.5:5080")]
    [InlineData("http_ports", "8080")]
    [InlineData("Kestrel:Endpoints:Plain:Url", "http://0.0.0.0:1")]
    public void Addresses_that_others_reach_stop_the_start(string key, string value)
    {
        var failure = Assert.Throws<BadSettingException>(() => Check((key, value)));
        Assert.Contains("Portal:AllowUnauthenticated=true", failure.Message, StringComparison.Ordinal);
        Assert.Contains("urls", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_open_address_starts_when_it_is_allowed() => Check(("urls", "http://0.0.0.0:5080"), ("Portal:AllowUnauthenticated", "true"));

    [Theory]
    [InlineData("Portal:Role", "Flow", "All, Portal or Flows")]
    [InlineData("Portal:AllowUnauthenticated", "yes", "true or false")]
    [InlineData("Portal:Sandbox:Enabled", "1", "true or false")]
    public void A_bad_value_names_key_value_and_what_is_allowed(string key, string value, string allowed)
    {
        var failure = Assert.Throws<BadSettingException>(() => Check((key, value)));
        Assert.Contains(key, failure.Message, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", failure.Message, StringComparison.Ordinal);
        Assert.Contains(allowed, failure.Message, StringComparison.Ordinal);
    }

    private static void Check(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .AddInMemoryCollection([KeyValuePair.Create("Portal:DataDirectory", (string?)"data")])
            .Build();
        ListenGuard.Check(configuration, PortalOptions.From(configuration));
    }
}
