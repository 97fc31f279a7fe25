using System.Diagnostics;
using System.Net.Sockets;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes;

/// <summary>The stages name and TCP, the policy, and the limits of time and number.</summary>
public sealed class ReachFaultTests
{
    [Fact]
    public async Task A_name_that_nobody_knows_is_named()
    {
        await using var fixture = new ProbeFixture();

        var report = await fixture.RunAsync(ProbeFixture.Mqtt("no-such-broker.invalid:8883", ca: null));

        var failed = report.FailedStage!;
        Assert.Equal(TestStage.Name, failed.Stage);
        Assert.Contains(failed.Cause, new[] { "name-not-found", "name-server-unavailable" });
        Assert.Equal("Skipped, needs an address", report.Stage(TestStage.Tcp).Summary);
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_refused()
    {
        await using var fixture = new ProbeFixture();
        var port = FreePort.Next();

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"127.0.0.1:{port}", tls: false));

        var failed = ReportAssert.Failed(report, TestStage.Tcp, "tcp-refused");
        Assert.Equal("refused", (string)failed.Evidence["attempts"]![0]!["result"]!);
        Assert.Equal("Skipped, needs a TCP connection", report.Stage(TestStage.SignIn).Summary);
    }

    [Fact]
    public async Task IPv6_is_dialled()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using var fixture = new ProbeFixture();

        ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt($"[::1]:{FreePort.Next()}", tls: false)), TestStage.Tcp, "tcp-refused");
    }

    [Theory]
    [InlineData("169.254.169.254:80", "cloud metadata")]
    [InlineData("169.254.7.7:8883", "link-local")]
    [InlineData("0.0.0.0:8883", "unspecified")]
    [InlineData("224.0.0.1:8883", "multicast")]
    [InlineData("[fe80::1]:8883", "link-local")]
    [InlineData("[::ffff:169.254.169.254]:80", "cloud metadata")]
    [InlineData("[64:ff9b::169.254.169.254]:80", "cloud metadata")]
    [InlineData("[fd00:ec2::254]:80", "cloud metadata")]
    public async Task Addresses_that_are_never_dialled_are_refused_at_TCP(string host, string what)
    {
        await using var fixture = new ProbeFixture(("Portal:Network:Allow:0", "0.0.0.0/0"), ("Portal:Network:Allow:1", "::/0"));

        var failed = ReportAssert.Failed(await fixture.RunAsync(ProbeFixture.Mqtt(host, tls: false)), TestStage.Tcp, "address-not-allowed");

        Assert.Contains(what, failed.Explanation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Portal:Sandbox:Enabled", "false", false)]
    [InlineData("Portal:Network:Deny:0", "127.0.0.0/8", false)]
    [InlineData("Portal:Network:Deny:0", "127.0.0.1:1-65535", false)]
    [InlineData("Portal:Network:Deny:0", "127.0.0.1:1", true)]
    [InlineData("Portal:Network:Allow:0", "10.0.0.0/8", true)]
    public async Task Loopback_is_dialled_only_while_the_sandbox_is_on_and_nothing_denies_it(string key, string value, bool isDialled)
    {
        await using var fixture = new ProbeFixture((key, value));
        await using var server = RawServer.Hanging();

        var tcp = (await fixture.RunAsync(new TestRequest(ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", tls: false)) { TimeLimit = TimeSpan.FromSeconds(1) })).Stage(TestStage.Tcp);

        Assert.Equal(isDialled ? null : "address-not-allowed", tcp.Cause);
        Assert.Equal(isDialled, server.Count > 0);
    }

    [Theory]
    [InlineData(false, false, TestStage.SignIn)]
    [InlineData(true, false, TestStage.Tls)]
    [InlineData(false, true, TestStage.WebSocket)]
    public async Task A_server_that_hangs_ends_the_test_at_its_limit(bool tls, bool webSocket, TestStage stage)
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Hanging();
        var endpoint = ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", tls, ca: null);
        if (webSocket)
            endpoint = endpoint with { Settings = endpoint.Mqtt! with { Protocol = MqttProtocol.WebSockets } };
        var clock = Stopwatch.StartNew();

        var report = await fixture.RunAsync(new TestRequest(endpoint) { TimeLimit = TimeSpan.FromSeconds(2) });

        ReportAssert.Failed(report, stage, "time-limit");
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 4);
    }

    [Fact]
    public async Task A_Kafka_server_that_hangs_ends_the_test_at_its_limit()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Hanging();
        var clock = Stopwatch.StartNew();

        var report = await fixture.RunAsync(new TestRequest(ProbeFixture.Kafka($"127.0.0.1:{server.Port}")) { TimeLimit = TimeSpan.FromSeconds(2) });

        ReportAssert.Failed(report, TestStage.SignIn, "time-limit");
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 4);
    }

    [Fact]
    public async Task A_cancelled_test_gives_a_report()
    {
        await using var fixture = new ProbeFixture();
        await using var server = RawServer.Hanging();
        using var cancel = new CancellationTokenSource();
        var running = fixture.Tester.RunAsync(new TestRequest(ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", tls: false)), cancellationToken: cancel.Token);
        await Wait.UntilAsync(() => server.Count > 0, "the test has connected");

        await cancel.CancelAsync();
        var report = await Wait.ForAsync(running, "the cancelled test ends");

        Assert.Equal(TestOutcome.Cancelled, report.Outcome);
        Assert.Equal(9, report.Stages.Count);
        Assert.DoesNotContain(report.Stages, stage => stage.Verdict is TestVerdict.Failed);
        Assert.Equal("Cancelled", report.Stage(TestStage.SignIn).Summary);
    }

    [Theory]
    [InlineData("Concurrent")]
    [InlineData("PerMinute")]
    public async Task Too_many_tests_are_refused_with_a_report(string limit)
    {
        await using var fixture = new ProbeFixture(($"Portal:Test:{limit}", "1"));
        await using var server = RawServer.Hanging();
        using var cancel = new CancellationTokenSource();
        var endpoint = ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", tls: false);
        var first = fixture.Tester.RunAsync(new TestRequest(endpoint), cancellationToken: cancel.Token);
        await Wait.UntilAsync(() => server.Count > 0, "the first test runs");

        var report = await fixture.RunAsync(endpoint);

        var failed = ReportAssert.Failed(report, TestStage.Settings, "too-many-tests");
        Assert.Contains($"Portal:Test:{limit}", failed.Fix, StringComparison.Ordinal);
        await cancel.CancelAsync();
        await first;
    }
}
