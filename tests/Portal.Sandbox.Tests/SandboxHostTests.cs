using System.Net;
using System.Net.NetworkInformation;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Portal.Tests.Shared;

namespace Portal.Sandbox.Tests;

public sealed class SandboxHostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_may_be_dialled_when_the_start_returns_and_listens_on_loopback_alone()
    {
        using var host = Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var state = host.Services.GetRequiredService<SandboxState>();

        Assert.True(state.IsRunning);
        Assert.Empty(state.Notices);
        Assert.Equal($"127.0.0.1:{state.TlsPort}", state.HostAliases["aio-broker:18883"]);
        Assert.Equal($"127.0.0.1:{state.KafkaPort}", state.HostAliases["sandbox-kafka:9092"]);
        Assert.Contains("BEGIN CERTIFICATE", state.CaPem);
        Assert.True(File.Exists(state.TokenFiles["aio-internal"]));
        int[] ports = [state.TlsPort, state.PlainPort, state.KafkaPort!.Value];
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(end => ports.Contains(end.Port)).ToList();
        Assert.Equal(ports.Order(), listeners.Select(end => end.Port).Order());
        Assert.All(listeners, end => Assert.Equal(IPAddress.Loopback, end.Address));

        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.False(state.IsRunning);
        Assert.Empty(state.HostAliases);
        Assert.All(ports, port => Assert.True(FreePort.IsFree(port)));
    }

    [Fact]
    public async Task Devices_talk_and_their_state_waits_for_whoever_comes_later()
    {
        using var host = Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var port = $"{host.Services.GetRequiredService<SandboxState>().PlainPort}";

        var heard = await ProcessRunner.RunAsync("mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-V", "5", "-t", "#", "-C", "12", "-W", "10", "-F", "%t");
        var late = await ProcessRunner.RunAsync(
            "mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-V", "5", "-t", "line1/press-01/state", "-C", "1", "-W", "10", "-F", "%r %C %P %p");

        Assert.Equal(
            ["azure-iot-operations/data/oven", "energy/meter-1", "line1/press-01/state", "line1/press-01/telemetry", "line2/conveyor/speed"],
            heard.MustSucceed().Lines.Distinct().Order());
        var state = Assert.Single(late.MustSucceed().Lines);
        Assert.StartsWith("1 application/json specversion:1.0 type:com.example.plant.state-changed", state);
        Assert.Contains("\"state\":\"running\"", state);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_demo_topic_gets_records_with_keys_and_CloudEvents_headers()
    {
        using var host = Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        var kafka = host.Services.GetRequiredService<SandboxState>().HostAliases[SandboxState.KafkaName];

        var read = await ProcessRunner.RunAsync(
            "kcat", "-C", "-b", kafka, "-t", SandboxState.DemoTopic, "-o", "beginning", "-c", "2", "-q", "-f", "%k|%h|%s\n");

        Assert.Equal(2, read.MustSucceed().Lines.Count);
        Assert.All(read.Lines, line =>
        {
            var parts = line.Split('|', 3);
            Assert.StartsWith("press-0", parts[0]);
            var headers = parts[1].Split(',').Select(header => header.Split('=', 2)[0]);
            Assert.Equal(["ce_specversion", "ce_type", "ce_source", "ce_id", "ce_time", "ce_subject", "content-type"], headers);
            Assert.NotNull(JsonNode.Parse(parts[2])!["part"]);
        });
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_restart_keeps_the_authority()
    {
        var first = await RunOnceAsync(state => state.CaPem);

        Assert.Equal(first, await RunOnceAsync(state => state.CaPem));
    }

    [Fact]
    public async Task A_taken_port_is_reported_with_the_one_that_is_used()
    {
        using var other = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var taken = ((IPEndPoint)other.LocalEndpoint).Port;

        await RunOnceAsync(
            state =>
            {
                Assert.True(state.PlainPortTaken);
                Assert.False(state.TlsPortTaken);
                Assert.NotEqual(taken, state.PlainPort);
                Assert.Contains($"Port {taken} is taken", Assert.Single(state.Notices));
                return true;
            },
            plainPort: taken);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_reported_and_the_sandbox_works_all_the_same()
    {
        var blocked = Path.Combine(_folder.Write("file", "not a folder"), "sandbox");
        var token = await RunOnceAsync(
            state =>
            {
                Assert.Contains(blocked, Assert.Single(state.Notices));
                Assert.NotEmpty(state.CaPem);
                Assert.True(File.Exists(state.TokenFiles["aio-internal"]));
                return state.TokenFiles["aio-internal"];
            },
            folder: blocked);

        Assert.False(File.Exists(token));
    }

    [Fact]
    public void Before_the_start_there_is_nothing_and_tokens_say_why()
    {
        var state = new SandboxState();

        Assert.False(state.IsRunning);
        Assert.Empty(state.HostAliases);
        var (path, reason) = state.FileFor("aio-internal");
        Assert.Null(path);
        Assert.Contains("not running", reason);
    }

    [Theory]
    [InlineData(70_000, 0, "Portal:Sandbox:TlsPort is 70000")]
    [InlineData(0, -1, "Portal:Sandbox:PlainPort is -1")]
    [InlineData(4711, 4711, "are both 4711")]
    public async Task A_bad_port_stops_the_start_with_its_key_and_value(int tlsPort, int plainPort, string message)
    {
        using var host = Build(tlsPort, plainPort);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(message, refused.Message);
    }

    private async Task<T> RunOnceAsync<T>(Func<SandboxState, T> look, int plainPort = 0, string? folder = null)
    {
        using var host = Build(plainPort: plainPort, folder: folder);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var seen = look(host.Services.GetRequiredService<SandboxState>());
        await host.StopAsync(TestContext.Current.CancellationToken);
        return seen;
    }

    private IHost Build(int tlsPort = 0, int plainPort = 0, string? folder = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSandbox(options =>
        {
            options.Directory = folder ?? _folder.Combine("sandbox");
            (options.TlsPort, options.PlainPort) = (tlsPort, plainPort);
        });
        return builder.Build();
    }
}
