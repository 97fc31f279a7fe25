using System.Net;
using System.Net.Sockets;
using Portal.Tests.Shared;

namespace Portal.Sandbox.Tests.Shared;

public sealed class MosquittoBrokerTests
{
    [Fact]
    public async Task A_plain_listener_keeps_and_hands_out_a_message()
    {
        await using var broker = await MosquittoBroker.StartAsync();

        (await PublishAsync(broker, "-r")).MustSucceed();
        var received = (await SubscribeOnceAsync(broker)).MustSucceed();

        Assert.Equal(["hello"], received.Lines);
    }

    [Fact]
    public async Task A_persistent_session_survives_stop_and_start_on_the_same_port()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Persistence = true });
        string[] session = ["-i", "keeper", "-c", "-q", "1"];
        var port = broker.Port;
        (await SubscribeOnceAsync(broker, [.. session, "-E"])).MustSucceed();
        (await PublishAsync(broker, "-q", "1")).MustSucceed();

        await broker.StopAsync();
        Assert.NotEqual(0, (await PublishAsync(broker)).ExitCode);
        await broker.StartAgainAsync();

        Assert.Equal(port, broker.Port);
        Assert.Equal(["hello"], (await SubscribeOnceAsync(broker, session)).MustSucceed().Lines);
    }

    [Fact]
    public async Task A_killed_broker_starts_again()
    {
        await using var broker = await MosquittoBroker.StartAsync();

        await broker.KillAsync();
        await broker.StartAgainAsync();

        (await PublishAsync(broker)).MustSucceed();
    }

    [Fact]
    public async Task Users_and_the_access_list_are_enforced()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Users = new Dictionary<string, string> { ["anna"] = "a-password", ["ben"] = "b-password" },
            Acl = "user anna\ntopic readwrite t/#",
        });

        var anonymous = await PublishAsync(broker);
        var wrong = await PublishAsync(broker, "-u", "anna", "-P", "wrong");
        (await PublishAsync(broker, "-u", "anna", "-P", "a-password", "-r", "-q", "1")).MustSucceed();
        var allowed = (await SubscribeOnceAsync(broker, "-u", "anna", "-P", "a-password")).MustSucceed();
        var hidden = await SubscribeOnceAsync(broker, "-u", "ben", "-P", "b-password", "-W", "1");

        Assert.Contains("not authorised", anonymous.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("not authorised", wrong.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["hello"], allowed.Lines);
        Assert.Empty(hidden.Lines);
    }

    [Fact]
    public async Task A_client_certificate_is_required_and_names_the_user()
    {
        using var certificates = new TestCertificates();
        using var folder = new TemporaryFolder();
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener { Certificate = certificates.ServerByIntermediate, ClientAuthority = certificates.Root }],
        });
        var ca = folder.Write("ca.pem", certificates.Root.CertificatePem);
        string[] client =
        [
            "--cafile", ca,
            "--cert", folder.Write("client.pem", certificates.ClientByIntermediate.ChainPem),
            "--key", folder.Write("client.key", certificates.ClientByIntermediate.KeyPem),
        ];

        var without = await PublishAsync(broker, "--cafile", ca);
        (await PublishAsync(broker, client)).MustSucceed();

        Assert.NotEqual(0, without.ExitCode);
        await broker.WaitForLogAsync("u'test-client'");
    }

    [Theory]
    [InlineData(nameof(TestCertificates.ExpiredServer))]
    [InlineData(nameof(TestCertificates.NotYetValidServer))]
    [InlineData(nameof(TestCertificates.WrongNameServer))]
    public async Task A_bad_server_certificate_is_refused_by_a_client(string which)
    {
        using var certificates = new TestCertificates();
        using var folder = new TemporaryFolder();
        var certificate = (TestCertificate)typeof(TestCertificates).GetProperty(which)!.GetValue(certificates)!;
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener { Certificate = certificate }, new MosquittoListener { Certificate = certificates.Server }],
        });
        string[] ca = ["--cafile", folder.Write("ca.pem", certificates.Root.CertificatePem)];
        string[] other = ["--cafile", folder.Write("other.pem", certificates.OtherRoot.CertificatePem)];

        Assert.NotEqual(0, (await PublishAsync(broker, ca)).ExitCode);
        (await PublishAsync(broker, [.. ca, "-p", $"{broker.Ports[1]}"])).MustSucceed();
        Assert.NotEqual(0, (await PublishAsync(broker, [.. other, "-p", $"{broker.Ports[1]}"])).ExitCode);
    }

    [Fact]
    public async Task Websockets_and_a_limit_of_connections_listen_on_loopback_only()
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener { WebSockets = true }, new MosquittoListener { MaxConnections = 1 }],
        });
        using var http = new HttpClient();
        using var upgrade = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{broker.Port}/mqtt");
        foreach (var (name, value) in new[]
        {
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Protocol", "mqtt"),
        })
            upgrade.Headers.TryAddWithoutValidation(name, value);

        using var answer = await http.SendAsync(upgrade, HttpCompletionOption.ResponseHeadersRead);
        await using var first = RunningProcess.Start("mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{broker.Ports[1]}", "-t", "t/a", "-i", "first"]);
        await broker.WaitForLogAsync("as first");

        Assert.Equal(HttpStatusCode.SwitchingProtocols, answer.StatusCode);
        Assert.NotEqual(0, (await PublishAsync(broker, "-p", $"{broker.Ports[1]}")).ExitCode);
        foreach (var port in broker.Ports)
            Assert.True(CanListenBesideLoopback(port), $"Port {port} is taken on another address than 127.0.0.1.");
    }

    [Fact]
    public async Task A_frozen_broker_accepts_and_does_not_answer()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        broker.Freeze();

        await Assert.ThrowsAnyAsync<Exception>(() => ProcessRunner.RunAsync(
            "mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-t", "t/a", "-m", "x"], limit: TimeSpan.FromMilliseconds(500)));
        broker.Thaw();

        (await PublishAsync(broker)).MustSucceed();
    }

    [Fact]
    public async Task A_websockets_listener_alone_starts()
    {
        await using var broker = await MosquittoBroker.StartAsync(
            new MosquittoOptions { Listeners = [new MosquittoListener { WebSockets = true }] });

        Assert.False(FreePort.IsFree(broker.Port));
    }

    [Fact]
    public async Task A_bad_configuration_fails_with_what_mosquitto_wrote()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => MosquittoBroker.StartAsync(new MosquittoOptions { Lines = ["no_such_setting 1"] }));

        Assert.Contains("no_such_setting", failure.Message, StringComparison.Ordinal);
    }

    private static bool CanListenBesideLoopback(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.2"), port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Task<ProcessResult> PublishAsync(MosquittoBroker broker, params string[] arguments) =>
        ProcessRunner.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-t", "t/a", "-m", "hello", .. arguments]);

    private static Task<ProcessResult> SubscribeOnceAsync(MosquittoBroker broker, params string[] arguments) =>
        ProcessRunner.RunAsync("mosquitto_sub", ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-t", "t/a", "-C", "1", .. arguments]);
}
