using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
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

        await using var server = RawServer.Start(AnswerAsync, IPAddress.IPv6Loopback);

        var report = await fixture.RunAsync(ProbeFixture.Mqtt($"[::1]:{server.Port}", tls: false));

        ReportAssert.Green(report);
        Assert.Equal($"[::1]:{server.Port}", report.Stage(TestStage.Tcp).Summary);

        static async Task AnswerAsync(NetworkStream stream, CancellationToken token)
        {
            _ = await stream.ReadAsync(new byte[1000], token);
            await stream.WriteAsync(new byte[] { 0x20, 3, 0, 0, 0 }, token);
            _ = await stream.ReadAsync(new byte[1000], token);
        }
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
    [InlineData("2852039166:80", "cloud metadata")]
    [InlineData("0xa9fea9fe:80", "cloud metadata")]
    [InlineData("0251.0376.0251.0376:80", "cloud metadata")]
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

        var tcp = (await fixture.RunAsync(new TestRequest(ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", tls: false)) { TimeLimit = TimeSpan.FromSeconds(3) })).Stage(TestStage.Tcp);

        Assert.Equal(isDialled ? null : "address-not-allowed", tcp.Cause);
        Assert.Equal(isDialled, server.Count > 0);
    }

    [Theory]
    [InlineData("mqtt", TestStage.SignIn)]
    [InlineData("tls", TestStage.Tls)]
    [InlineData("websocket", TestStage.WebSocket)]
    [InlineData("kafka", TestStage.SignIn)]
    public async Task A_server_that_hangs_ends_the_test_at_its_limit(string kind, TestStage stage)
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var fixture = new ProbeFixture(services => services.AddSingleton<TimeProvider>(clock));
        await using var server = RawServer.Hanging();
        var host = $"127.0.0.1:{server.Port}";
        var endpoint = kind switch
        {
            "kafka" => ProbeFixture.Kafka(host),
            "websocket" => Faults.WebSocketFaults.Endpoint(host + "/mqtt"),
            _ => ProbeFixture.Mqtt(host, tls: kind == "tls", ca: null),
        };

        var running = fixture.RunAsync(endpoint);
        await Wait.UntilAsync(() => server.Count > 0, "the test has connected");
        await Wait.UntilAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromSeconds(1));
                return running.IsCompleted;
            },
            "the test ended");
        var report = await running;

        ReportAssert.Failed(report, stage, "time-limit");
        Assert.InRange(report.Milliseconds, 15_000, 60_000);
    }

    [Fact]
    public async Task A_broker_that_is_frozen_answers_nothing_more()
    {
        await using var fixture = new ProbeFixture();
        await using var broker = await MosquittoBroker.StartAsync();
        broker.Freeze();

        var report = await fixture.RunAsync(new TestRequest(ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", tls: false)) { TimeLimit = TimeSpan.FromSeconds(3) });

        broker.Thaw();
        // The system still takes connections for it; only the sign-in shows that nobody is there.
        Assert.Equal(TestVerdict.Passed, report.Stage(TestStage.Tcp).Verdict);
        ReportAssert.Failed(report, TestStage.SignIn, "time-limit");
    }

    [Fact]
    public async Task A_cancelled_test_gives_a_report()
    {
        await using var fixture = new ProbeFixture();
        var asked = new TaskCompletionSource();
        await using var server = RawServer.Start(async (stream, token) =>
        {
            _ = await stream.ReadAsync(new byte[1000], token);
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        });
        using var cancel = new CancellationTokenSource();
        var running = fixture.Tester.RunAsync(new TestRequest(ProbeFixture.Mqtt($"127.0.0.1:{server.Port}", tls: false)), cancellationToken: cancel.Token);
        await Wait.ForAsync(asked.Task, "the sign-in has begun");

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
    [InlineData("ConcurrentPerUser")]
    [InlineData("PerMinutePerUser")]
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
        Assert.InRange(report.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        // A limit of one user leaves the others alone.
        var other = await fixture.RunAsync(new TestRequest(ProbeFixture.Mqtt("no-port", tls: false)) { User = "another" });
        Assert.Equal(!limit.EndsWith("PerUser", StringComparison.Ordinal), other.RetryAfter is not null);
        await cancel.CancelAsync();
        await first;
    }
}
