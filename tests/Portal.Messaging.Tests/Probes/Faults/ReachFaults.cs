using System.Net;
using System.Net.Sockets;
using Portal.Messaging.Probes;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Probes.Faults;

/// <summary>Names, addresses, the policy, and servers that keep silent.</summary>
internal static class ReachFaults
{
    private static readonly TimeSpan _short = TimeSpan.FromSeconds(1.5);

    public static IEnumerable<Fault> All =>
    [
        new("unknown name", TestStage.Name, "name-", "Check", bench => bench.Fixture.RunAsync(ProbeFixture.Mqtt("no-such-broker.invalid:8883", ca: null))),
        new("nothing listens", TestStage.Tcp, "tcp-refused", "port", bench => bench.MqttAsync(FreePort.Next())),
        new("requests are dropped", TestStage.Tcp, "tcp-timeout", "firewalls", async bench =>
        {
            var full = bench.Own(new FullListener());
            return await bench.Fixture.RunAsync(new TestRequest(ProbeFixture.Mqtt($"127.0.0.1:{full.Port}", tls: false)) { TimeLimit = TimeSpan.FromSeconds(12) });
        }),
        Fault.Warning("one of two addresses is dead", TestStage.Tcp, "tcp-partly", "name server", async bench =>
        {
            var broker = await bench.MosquittoAsync();
            await bench.WithAsync(new FakeLookup().Add("pair.example", "127.0.0.2", "127.0.0.1"));
            return await bench.Fixture.RunAsync(ProbeFixture.Mqtt($"pair.example:{broker.Port}", tls: false));
        }),
        Refused("metadata", "169.254.169.254:80"),
        Refused("link-local", "169.254.7.7:8883"),
        Refused("unspecified", "0.0.0.0:8883"),
        Refused("multicast", "224.0.0.1:8883"),
        Refused("a rule", "10.1.2.3:1883", ("Portal:Network:Deny:0", "10.0.0.0/8:1883")),
        Refused("no rule", "10.1.2.3:1883", ("Portal:Network:Allow:0", "192.168.0.0/16")),
        Refused("loopback without the sandbox", "127.0.0.1:1883", ("Portal:Sandbox:Enabled", "false")),
        Silent("MQTT", TestStage.SignIn, port => ProbeFixture.Mqtt($"127.0.0.1:{port}", tls: false)),
        Silent("TLS", TestStage.Tls, port => ProbeFixture.Mqtt($"127.0.0.1:{port}", ca: null)),
        Silent("WebSocket", TestStage.WebSocket, port => WebSocketFaults.Endpoint($"127.0.0.1:{port}/mqtt")),
        Silent("Kafka", TestStage.SignIn, port => ProbeFixture.Kafka($"127.0.0.1:{port}")),
        new("broker that falls silent after the sign-in", TestStage.Topic, "time-limit", "overloaded", bench =>
        {
            var broker = bench.Own(ScriptedBroker.Start(new BrokerScript { Subscribe = null }));
            return bench.Fixture.RunAsync(new TestRequest(ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", tls: false)) { Topic = "line3/a", TimeLimit = _short });
        }),
    ];

    private static Fault Refused(string title, string host, params (string Key, string Value)[] configuration) => new($"refused by the policy: {title}", TestStage.Tcp, "address-not-allowed", "Portal:Network:Allow", async bench =>
    {
        await bench.WithAsync(null, configuration);
        return await bench.Fixture.RunAsync(ProbeFixture.Mqtt(host, tls: false));
    });

    private static Fault Silent(string title, TestStage stage, Func<int, DataflowEndpoint> endpoint) => new($"accepts and hangs: {title}", stage, "time-limit", "longer time limit", bench =>
        bench.Fixture.RunAsync(new TestRequest(endpoint(bench.Own(RawServer.Hanging()).Port)) { TimeLimit = _short }));

    /// <summary>A listener whose queue is full: the system drops further requests for a connection.</summary>
    private sealed class FullListener : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _waiting = [];

        public FullListener()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
            for (var i = 0; i < 4; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _waiting.Add(socket);
                try
                {
                    socket.Connect(_listener.LocalEndPoint!);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                    // It waits in the queue, or before it.
                }
            }
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public void Dispose()
        {
            _waiting.ForEach(socket => socket.Dispose());
            _listener.Dispose();
        }
    }
}
