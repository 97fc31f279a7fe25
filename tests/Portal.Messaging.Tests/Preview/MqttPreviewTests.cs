using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Preview;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Preview;

public sealed class MqttPreviewTests
{
    [Fact]
    public async Task A_message_comes_with_all_its_properties()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = new PreviewHost();
        await using var preview = await host.ReadAsync(Endpoint(broker), "line3/#");

        await PublishAsync(
            broker, "-t", "line3/press-07/telemetry", "-m", """{"temp_c":71.40}""", "-q", "1",
            "-D", "publish", "content-type", "application/json", "-D", "publish", "response-topic", "line3/ack",
            "-D", "publish", "correlation-data", "8f02", "-D", "publish", "message-expiry-interval", "300",
            "-D", "publish", "payload-format-indicator", "1",
            "-D", "publish", "user-property", "unit", "°C", "-D", "publish", "user-property", "unit", "K");
        await preview.WaitForCountAsync(1);

        var received = Assert.Single(preview.Newest(null, 10));
        var message = received.Message;
        Assert.Equal("line3/press-07/telemetry", message.Topic);
        Assert.Equal("application/json", message.ContentType);
        Assert.Equal("line3/ack", message.ResponseTopic);
        Assert.Equal("8f02"u8, message.CorrelationData!.Value.Span);
        Assert.InRange(message.MessageExpiryInterval!.Value, 290u, 300u);
        Assert.Equal(1, message.PayloadFormatIndicator);
        Assert.Equal(["unit=°C", "unit=K"], message.Properties.Select(property => property.Text()));
        Assert.Equal((1, false), (message.Qos, message.Retain));
        Assert.Equal(PayloadKind.Json, new PayloadView(received).Kind);
        Assert.Equal(1, received.Sequence);
        Assert.Contains(("line3/press-07/telemetry", 0), preview.TopicRates().Select(rate => (rate.Topic, 0)));
    }

    [Fact]
    public async Task Retained_and_binary_messages_come_as_they_are_and_big_ones_cut()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = new PreviewHost();
        using var files = new TemporaryFolder();
        byte[] binary = [0xa1, 0x00, 0xff];
        await File.WriteAllBytesAsync(files.Combine("binary"), binary, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(files.Combine("big"), new byte[200_000], TestContext.Current.CancellationToken);
        await PublishAsync(broker, "-t", "state", "-f", files.Combine("binary"), "-r");

        await using var preview = await host.ReadAsync(Endpoint(broker), "#");
        await preview.WaitForCountAsync(1);
        await PublishAsync(broker, "-t", "live", "-m", "x", "-r");
        await PublishAsync(broker, "-t", "big", "-f", files.Combine("big"));
        await preview.WaitForCountAsync(3);

        var messages = preview.Newest(null, 10);
        Assert.Equal(["big", "live", "state"], messages.Select(message => message.Message.Topic));
        Assert.Equal([false, true, true], messages.Select(message => message.Message.Retain));
        Assert.Equal(binary, messages[2].Message.Payload.ToArray());
        Assert.Equal((200_000, 65_536, true), (messages[0].PayloadSize, messages[0].Message.Payload.Length, messages[0].Truncated));
    }

    [Fact]
    public async Task Viewers_of_one_topic_share_a_connection_that_ends_with_the_last_of_them()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = new PreviewHost();
        var endpoint = Endpoint(broker, "line3");
        var first = await host.ReadAsync(endpoint, "a/#");
        var second = await host.ReadAsync(endpoint with { Name = "the-same-broker" }, "a/#");
        Assert.Equal(1, Count(broker.Log, " as line3-preview-"));
        // Version 5, clean start.
        Assert.Contains("(p5, c1,", broker.Log, StringComparison.Ordinal);

        await PublishAsync(broker, "-t", "a/b", "-m", "x");
        await first.WaitForCountAsync(1);
        Assert.Same(Assert.Single(first.Newest(null, 5)), Assert.Single(second.Newest(null, 5)));

        await using var other = await host.ReadAsync(endpoint, "b/#");
        Assert.Equal(2, Count(broker.Log, " as line3-preview-"));

        await first.DisposeAsync();
        await first.DisposeAsync();
        await PublishAsync(broker, "-t", "a/b", "-m", "y");
        await second.WaitForCountAsync(2);
        Assert.DoesNotContain("line3-preview-", DisconnectsIn(broker.Log), StringComparison.Ordinal);

        await second.DisposeAsync();
        await Wait.UntilAsync(() => DisconnectsIn(broker.Log).Contains("line3-preview-", StringComparison.Ordinal), "the shared connection ends", lastSeen: () => broker.Log);
        Assert.Equal(PreviewState.Closed, second.Status.State);
        Assert.Equal(PreviewState.Reading, other.Status.State);
    }

    [Fact]
    public async Task A_killed_broker_is_told_and_reading_goes_on_when_it_is_back()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = new PreviewHost();
        await using var preview = await host.ReadAsync(Endpoint(broker), "t");
        await PublishAsync(broker, "-t", "t", "-m", "before");
        await preview.WaitForCountAsync(1);

        await broker.KillAsync();
        await Wait.UntilAsync(() => preview.Status.Cause == "tcp-refused", "the refused reconnection is told", lastSeen: () => preview.Status.ToString());
        Assert.Equal(PreviewState.Failed, preview.Status.State);
        Assert.False(string.IsNullOrEmpty(preview.Status.Fix));

        await broker.StartAgainAsync();
        await preview.WaitForAsync(PreviewState.Reading);
        Assert.Null(preview.Status.Cause);
        await PublishAsync(broker, "-t", "t", "-m", "after");
        await preview.WaitForCountAsync(2);
        Assert.Equal(["before", "after"], preview.Payloads());
    }

    [Fact]
    public async Task A_stopped_broker_says_goodbye_with_its_reason()
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = new PreviewHost();
        await using var preview = await host.ReadAsync(Endpoint(broker), "t");
        var causes = new HashSet<string?>();

        await broker.StopAsync();
        await Wait.UntilAsync(
            () => causes.Add(preview.Status.Cause) && causes.Contains("tcp-refused") || causes.Contains("tcp-refused"), "the broker is missed", lastSeen: () => string.Join(", ", causes));

        Assert.Contains(causes, cause => cause is "connection-server-stopping" or "connection-lost");
    }

    [Theory]
    [InlineData("anonymous")]
    [InlineData("tls")]
    [InlineData("name")]
    public async Task A_failure_has_cause_words_and_fix_of_the_connection_test(string what)
    {
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions { Users = new Dictionary<string, string> { ["anna"] = "secret" } });
        await using var host = new PreviewHost();
        var endpoint = what switch
        {
            "tls" => ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", ca: null),
            "name" => ProbeFixture.Mqtt("no-such-host.invalid:1883", tls: false),
            _ => Endpoint(broker),
        };
        await using var preview = host.Open(endpoint, "t");
        await preview.WaitForAsync(PreviewState.Failed);

        var failed = (await host.Parts.RunAsync(endpoint)).FailedStage!;
        var status = preview.Status;
        Assert.Equal((failed.Cause, failed.Explanation, failed.Fix), (status.Cause, status.Explanation, status.Fix));
        await Wait.UntilAsync(() => preview.Status.NextTry is not null, "it tries again");
    }

    [Theory]
    [InlineData("$share/group/line3/#", "topic-shared")]
    [InlineData("a/#/b", "topic-filter-invalid")]
    [InlineData("", "topic-filter-invalid")]
    public async Task A_wrong_topic_is_refused_without_a_connection(string topic, string cause)
    {
        await using var broker = await MosquittoBroker.StartAsync();
        await using var host = new PreviewHost();
        await using var preview = host.Open(Endpoint(broker), topic);

        var status = preview.Status;
        Assert.Equal((PreviewState.Failed, cause), (status.State, status.Cause));
        Assert.Null(status.NextTry);
        Assert.DoesNotContain("New connection", broker.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_certificate_over_TLS_reads_too()
    {
        await using var host = new PreviewHost();
        var parts = host.Parts;
        parts.ConfigMaps.Add(ProbeFixture.CaName, parts.Certificates.Root.CertificatePem);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener { Certificate = parts.Certificates.Server, ClientAuthority = parts.Certificates.Root }],
        });
        var endpoint = ProbeFixture.Mqtt($"localhost:{broker.Port}", authentication: parts.AddClientCertificate(parts.Certificates.Client));

        await using var preview = await host.ReadAsync(endpoint, "t");
        Assert.Null(await host.Service.PublishAsync(endpoint, new Message { Topic = "t", Payload = "x"u8.ToArray() }, TestContext.Current.CancellationToken));
        await preview.WaitForCountAsync(1);
    }

    /// <summary>Every message of a fast publisher, in order, while a dataflow could read beside it: the broker waits for nobody.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_preview_keeps_up_with_a_fast_publisher(bool webSockets)
    {
        const int messages = 20_000;
        await using var host = new PreviewHost();
        host.Parts.ConfigMaps.Add(ProbeFixture.CaName, host.Parts.Certificates.Root.CertificatePem);
        await using var broker = await MosquittoBroker.StartAsync(new MosquittoOptions
        {
            Listeners = [new MosquittoListener(), new MosquittoListener { WebSockets = true, Certificate = host.Parts.Certificates.Server }],
            Lines = ["max_queued_messages 0", "max_queued_bytes 0"],
        });
        var encrypted = ProbeFixture.Mqtt($"localhost:{broker.Ports[1]}/mqtt");
        encrypted = encrypted with { Settings = encrypted.Mqtt! with { Protocol = MqttProtocol.WebSockets } };
        await using var preview = await host.ReadAsync(webSockets ? encrypted : Endpoint(broker), "line3/#");

        await Flows.Endpoints.PublishNumbersAsync(broker.Port, "line3/press", 0, messages);
        await preview.WaitForCountAsync(messages);

        Assert.Equal((PreviewState.Reading, messages), (preview.Status.State, preview.Status.Received));
        Assert.Equal(Enumerable.Range(messages - 1000, 1000).Select(Flows.Endpoints.Text), preview.Payloads());
    }

    [Theory]
    [InlineData(false, "topic-read-not-authorized")]
    [InlineData(true, "connection-not-authorized")]
    public async Task A_refused_subscription_has_the_brokers_words(bool end, string cause)
    {
        await using var broker = Probes.MqttFaultTests.Refusing(MqttPacketType.Subscribe, end);
        await using var host = new PreviewHost();
        await using var preview = host.Open(ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", tls: false), "t");

        await preview.WaitForAsync(PreviewState.Failed);

        Assert.Equal(cause, preview.Status.Cause);
        Assert.EndsWith("The broker says: nope", preview.Status.Explanation, StringComparison.Ordinal);
    }

    internal static DataflowEndpoint Endpoint(MosquittoBroker broker, string? prefix = null)
    {
        var endpoint = ProbeFixture.Mqtt($"127.0.0.1:{broker.Port}", tls: false);
        return endpoint with { Settings = endpoint.Mqtt! with { ClientIdPrefix = prefix } };
    }

    private static async Task PublishAsync(MosquittoBroker broker, params string[] arguments) =>
        (await ProcessRunner.RunAsync("mosquitto_pub", ["-h", "127.0.0.1", "-p", $"{broker.Port}", "-V", "5", .. arguments])).MustSucceed();

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static string DisconnectsIn(string log) =>
        string.Join('\n', log.Split('\n').Where(line => line.EndsWith("disconnected.", StringComparison.Ordinal)));
}
