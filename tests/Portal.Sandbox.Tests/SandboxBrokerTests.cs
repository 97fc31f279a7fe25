using System.Net;
using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Protocol;
using Portal.Tests.Shared;

namespace Portal.Sandbox.Tests;

public sealed class SandboxBrokerTests
{
    [Fact]
    public async Task Common_tools_publish_and_subscribe_on_the_plain_listener()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        var port = $"{sandbox.Broker.PlainPort}";
        await using var subscriber = RunningProcess.Start(
            "stdbuf", ["-oL", "mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-V", "5", "-q", "1", "-t", "line1/+", "-C", "1", "-F", "%t %P %C %p", "-d"]);
        await subscriber.WaitForOutputAsync("SUBACK");

        (await ProcessRunner.RunAsync(
            "mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-V", "5", "-q", "1", "-t", "line1/press", "-m", "hello",
            "-D", "publish", "user-property", "type", "state", "-D", "publish", "content-type", "text/plain")).MustSucceed();

        await subscriber.WaitForExitAsync();
        Assert.Contains("line1/press type:state text/plain hello", subscriber.Output);
    }

    [Fact]
    public async Task A_retained_message_reaches_whoever_comes_later()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        var port = $"{sandbox.Broker.PlainPort}";
        (await ProcessRunner.RunAsync("mosquitto_pub", "-h", "127.0.0.1", "-p", port, "-q", "1", "-r", "-t", "state", "-m", "running")).MustSucceed();

        var late = await ProcessRunner.RunAsync("mosquitto_sub", "-h", "127.0.0.1", "-p", port, "-t", "#", "-C", "1", "-W", "10", "-F", "%r %t %p");

        Assert.Equal(["1 state running"], late.MustSucceed().Lines);
    }

    [Fact]
    public async Task A_persistent_session_gets_what_was_published_while_it_was_away()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        string[] session = ["-h", "127.0.0.1", "-p", $"{sandbox.Broker.PlainPort}", "-V", "5", "-c", "-i", "flow-1", "-x", "3600", "-q", "1", "-t", "data"];
        (await ProcessRunner.RunAsync("mosquitto_sub", [.. session, "-E"])).MustSucceed();

        (await ProcessRunner.RunAsync(
            "mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{sandbox.Broker.PlainPort}", "-q", "1", "-t", "data", "-l"], "one\ntwo\n")).MustSucceed();

        var back = await ProcessRunner.RunAsync("mosquitto_sub", [.. session, "-C", "2", "-W", "10"]);
        Assert.Equal(["one", "two"], back.MustSucceed().Lines);
    }

    [Fact]
    public async Task A_shared_subscription_is_refused_and_an_ordinary_one_beside_it_works()
    {
        await using var sandbox = await BrokerUnderTest.StartAsync();
        var client = sandbox.Client();
        var answer = await client.ConnectAsync(sandbox.Plain().Build(), TestContext.Current.CancellationToken);
        Assert.False(answer.SharedSubscriptionAvailable);

        var ordinary = await client.SubscribeAsync("data", MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);
        var shared = await ProcessRunner.RunAsync(
            "mosquitto_sub", "-h", "127.0.0.1", "-p", $"{sandbox.Broker.PlainPort}", "-V", "5", "-t", "$share/group/data", "-W", "5", "-d");

        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, Assert.Single(ordinary.Items).ResultCode);
        Assert.Contains("Subscribed (mid: 1): 158", shared.Output);
    }

    [Fact]
    public async Task A_taken_port_is_left_alone_and_another_one_is_used()
    {
        using var tls = Occupy();
        using var plain = Occupy();

        await using var sandbox = await BrokerUnderTest.StartAsync(Port(tls), Port(plain));

        Assert.NotEqual(Port(tls), sandbox.Broker.TlsPort);
        Assert.NotEqual(Port(plain), sandbox.Broker.PlainPort);
        Assert.Equal(MqttClientConnectResultCode.Success, (await sandbox.SignInAsync(sandbox.Client(), sandbox.Token())).ResultCode);
    }

    [Fact]
    public async Task The_wanted_ports_are_used_when_they_are_free_and_are_free_again_after_the_end()
    {
        var (tls, plain) = (FreePort.Next(), FreePort.Next());

        await using (var sandbox = await BrokerUnderTest.StartAsync(tls, plain))
        {
            Assert.Equal((tls, plain), (sandbox.Broker.TlsPort, sandbox.Broker.PlainPort));
            Assert.Equal(MqttClientConnectResultCode.Success, (await sandbox.SignInAsync(sandbox.Client(), sandbox.Token())).ResultCode);
        }

        Assert.True(FreePort.IsFree(tls));
        Assert.True(FreePort.IsFree(plain));
    }

    private static TcpListener Occupy()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;
}
