using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Portal.Messaging.Network;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

/// <summary>Names with several addresses, and names that change their mind.</summary>
public sealed class AddressTests
{
    private const string Name = "pair.example";

    [Fact]
    public async Task Every_address_behind_a_name_is_tried_and_shown()
    {
        var lookup = new FakeLookup().Add(Name, "169.254.1.1", "127.0.0.3", "127.0.0.1");
        await using var fixture = Fixture(lookup);
        await using var broker = await MosquittoBroker.StartAsync();

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"{Name}:{broker.Port}", tls: false));

        var warned = ReportAssert.Warned(report, TestStage.Tcp, "tcp-partly");
        var attempts = warned.Evidence["attempts"]!.AsArray().ToDictionary(attempt => ((string)attempt!["address"]!).Split(':')[0], attempt => (string)attempt!["result"]!);
        Assert.StartsWith("not allowed: link-local", attempts["169.254.1.1"], StringComparison.Ordinal);
        Assert.Equal("refused", attempts["127.0.0.3"]);
        Assert.Equal("connected", attempts["127.0.0.1"]);
        Assert.Equal(["169.254.1.1", "127.0.0.3", "127.0.0.1"], report.Stage(TestStage.Name).Evidence["addresses"]!.AsArray().Select(address => (string)address!));
    }

    [Fact]
    public async Task The_address_that_was_judged_is_the_one_that_is_dialled_also_by_second_looks()
    {
        var lookup = new FakeLookup().Add(Name, "127.0.0.1");
        // Whoever asks again is led to the metadata service.
        lookup.OnAsked = () =>
        {
            if (lookup.Asked > 1)
                lookup.Add(Name, "169.254.169.254");
        };
        await using var fixture = Fixture(lookup);
        await using var closing = RawServer.Closing();

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"{Name}:{closing.Port}", tls: false));

        ReportAssert.Failed(report, TestStage.SignIn, "signin-closed");
        Assert.Equal(1, lookup.Asked);
        Assert.Equal(2, closing.Count);
    }

    [Fact]
    public async Task Kafka_is_not_started_where_its_library_could_dial_a_refused_address()
    {
        using var cluster = MockKafkaCluster.Start();
        await using var fixture = Fixture(new FakeLookup().Add(Name, "127.0.0.1", "169.254.169.254"));

        var report = await fixture.RunAsync(ProbeFixture.Kafka($"{Name}:{cluster.Ports[0]}"));

        var failed = ReportAssert.Failed(report, TestStage.Tcp, "address-not-allowed");
        Assert.Contains("the Kafka client could take it", failed.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kafka_is_kept_to_the_family_of_addresses_that_is_allowed()
    {
        using var cluster = MockKafkaCluster.Start();
        // The library looks the name up itself, so it must be one that is known.
        await using var fixture = Fixture(new FakeLookup().Add("localhost", "fe80::1", "127.0.0.1"));

        var report = await fixture.RunAsync(ProbeFixture.Kafka($"localhost:{cluster.Ports[0]}"));

        ReportAssert.Green(report);
        Assert.StartsWith("not allowed", (string)report.Stage(TestStage.Tcp).Evidence["attempts"]![0]!["result"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.20.0.0/16:8883", "10.20.1.1", 8883, true)]
    [InlineData("10.20.0.0/16:8883", "10.20.1.1", 1883, false)]
    [InlineData("10.20.0.0/16:9092-9094", "10.20.1.1", 9094, true)]
    [InlineData("10.20.0.0/16:9092-9094", "10.20.1.1", 9095, false)]
    [InlineData("[fd00:20::/32]:8883", "fd00:20::7", 8883, true)]
    [InlineData("[fd00:20::/32]:8883", "fd00:21::7", 8883, false)]
    [InlineData("10.20.0.0/16", "::ffff:10.20.1.1", 8883, true)]
    [InlineData("0.0.0.0/0", "169.254.169.254", 80, false)]
    [InlineData("::/0", "::", 80, false)]
    public void A_given_list_replaces_what_is_allowed_by_default(string rule, string address, int port, bool isAllowed)
    {
        var options = new NetworkOptions();
        options.Allow.Add(rule);

        Assert.Equal(isAllowed, new NetworkPolicy(options).Judge(IPAddress.Parse(address), port).IsAllowed);
    }

    private static ProbeFixture Fixture(FakeLookup lookup) => new(services => services.AddSingleton<IHostLookup>(lookup));
}
