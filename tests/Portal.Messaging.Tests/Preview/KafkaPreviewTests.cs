using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Portal.Messaging.Preview;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Preview;

public sealed class KafkaPreviewTests : IAsyncLifetime
{
    private const short OffsetCommit = 8;

    private readonly MockKafkaCluster _cluster = MockKafkaCluster.Start();
    private readonly PreviewHost _host = new();

    private DataflowEndpoint Endpoint => ProbeFixture.Kafka(_cluster.BootstrapServers.Split(',')[0]);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _cluster.Dispose();
    }

    [Fact]
    public async Task A_message_from_the_beginning_comes_with_key_and_headers()
    {
        _cluster.CreateTopic("orders");
        await KcatAsync("orders", "running", "-k", "press-07", "-H", "ce_type=state", "-H", "line=1");

        await using var preview = await _host.ReadAsync(Request("orders", PreviewStart.Beginning));
        await preview.WaitForCountAsync(1);

        var message = Assert.Single(preview.Newest(null, 10)).Message;
        Assert.Equal(("orders", 0, 0L), (message.Topic, message.Partition, message.Offset));
        Assert.Equal("press-07", Encoding.UTF8.GetString(message.Key!.Value.Span));
        Assert.Equal("running", Encoding.UTF8.GetString(message.Payload.Span));
        Assert.Equal(["ce_type=state", "line=1"], message.Properties.Select(property => property.Text()));
        Assert.Equal((null, null), (message.Qos, message.Retain));
        Assert.InRange(message.Timestamp, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task Nulls_and_bytes_stay_what_they_are_and_big_values_are_cut()
    {
        _cluster.CreateTopic("odd");
        using var producer = Producer();
        await ProduceAsync(producer, "odd", new Message<byte[]?, byte[]?> { Headers = [new Header("none", null), new Header("amqp", [0xa1, 0xff])] });
        await ProduceAsync(producer, "odd", new Message<byte[]?, byte[]?> { Key = [], Value = new byte[70_000] });

        await using var preview = await _host.ReadAsync(Request("odd", PreviewStart.Beginning));
        await preview.WaitForCountAsync(2);

        var messages = preview.Newest(null, 10);
        Assert.Null(messages[1].Message.Key);
        Assert.Null(messages[1].Message.Properties[0].Value);
        Assert.Equal([0xa1, 0xff], messages[1].Message.Properties[1].Value!.Value.ToArray());
        Assert.Equal(0, messages[1].PayloadSize);
        Assert.Equal((70_000, 65_536), (messages[0].PayloadSize, messages[0].Message.Payload.Length));
    }

    [Fact]
    public async Task Now_shows_what_comes_from_now_on_in_every_partition()
    {
        _cluster.CreateTopic("orders", partitions: 3);
        await KcatAsync("orders", "old", "-p", "1");

        await using var preview = await _host.ReadAsync(Request("orders", PreviewStart.Now));
        foreach (var partition in (string[])["0", "1", "2"])
            await KcatAsync("orders", "new " + partition, "-p", partition);
        await preview.WaitForCountAsync(3);

        Assert.Equal(["new 0", "new 1", "new 2"], preview.Payloads().Order());
    }

    [Fact]
    public async Task A_time_or_an_offset_starts_there()
    {
        _cluster.CreateTopic("orders");
        var day = new DateTimeOffset(2026, 3, 14, 0, 0, 0, TimeSpan.Zero);
        using (var producer = Producer())
        {
            for (var hour = 0; hour < 6; hour++)
                await ProduceAsync(producer, "orders", new Message<byte[]?, byte[]?> { Value = Encoding.UTF8.GetBytes($"{hour}"), Timestamp = new Timestamp(day.AddHours(hour)) });
        }

        await using var byTime = await _host.ReadAsync(Request("orders", PreviewStart.Time) with { From = day.AddHours(3.5) });
        await using var late = await _host.ReadAsync(Request("orders", PreviewStart.Time) with { From = day.AddDays(1) });
        await using var byOffset = await _host.ReadAsync(Request("orders", PreviewStart.Offset) with { Offset = 4 });
        await using var tooFar = await _host.ReadAsync(Request("orders", PreviewStart.Offset) with { Offset = 1_000_000 });
        await KcatAsync("orders", "next");
        foreach (var (preview, count) in new[] { (byTime, 3), (late, 1), (byOffset, 3), (tooFar, 1) })
            await preview.WaitForCountAsync(count);

        Assert.Equal(["4", "5", "next"], byTime.Payloads());
        Assert.Equal(["next"], late.Payloads());
        Assert.Equal(["4", "5", "next"], byOffset.Payloads());
        Assert.Equal(["next"], tooFar.Payloads());
    }

    [Fact]
    public async Task Brokers_that_go_down_are_told_and_reading_goes_on_where_it_was()
    {
        _cluster.CreateTopic("orders", partitions: 2);
        await using var preview = await _host.ReadAsync(Request("orders", PreviewStart.Now));
        await KcatAsync("orders", "1", "-p", "0");
        await preview.WaitForCountAsync(1);

        _cluster.TakeDown();
        await preview.WaitForAsync(PreviewState.Failed);
        Assert.False(string.IsNullOrEmpty(preview.Status.Explanation));
        _cluster.BringUp();
        // Written before the reader is back: nothing may be missed, in the partition without a message either.
        await KcatAsync("orders", "2", "-p", "0");
        await KcatAsync("orders", "3", "-p", "1");
        await preview.WaitForAsync(PreviewState.Reading);
        await preview.WaitForCountAsync(3);

        Assert.Equal(["1", "2", "3"], preview.Payloads().Order());
        Assert.Equal(3, preview.Status.Received);
    }

    [Fact]
    public async Task A_partition_without_its_broker_is_said_while_the_others_are_read()
    {
        using var cluster = MockKafkaCluster.Start(brokers: 2);
        cluster.CreateTopic("wide", partitions: 2);
        cluster.TakeDown(broker: 2);
        await using var preview = await _host.ReadAsync(new PreviewRequest(ProbeFixture.Kafka($"127.0.0.1:{cluster.Ports[0]}"), "wide"));

        Assert.Contains("1 of 2 partitions cannot be read", preview.Status.Explanation, StringComparison.Ordinal);
        cluster.BringUp();
        await Wait.UntilAsync(() => preview.Status is { State: PreviewState.Reading, Cause: null }, "all are read", TimeSpan.FromSeconds(60), () => preview.Status.ToString());
    }

    [Fact]
    public async Task A_topic_that_is_not_there_is_a_clear_state_until_it_is()
    {
        _cluster.CreateTopic("late");
        _cluster.SetTopicError("late", ErrorCode.UnknownTopicOrPart);
        await using var preview = _host.Service.Open(Request("late", PreviewStart.Beginning));
        await preview.WaitForAsync(PreviewState.Failed);
        Assert.Equal("topic-unknown", preview.Status.Cause);

        _cluster.SetTopicError("late", ErrorCode.NoError);
        await KcatAsync("late", "x");
        await preview.WaitForCountAsync(1);
        Assert.Equal(PreviewState.Reading, preview.Status.State);
    }

    [Theory]
    [InlineData("plant/#", PreviewStart.Now, "topic-wildcard")]
    [InlineData(" ", PreviewStart.Now, "topic-missing")]
    [InlineData("orders", PreviewStart.Time, "start-time-missing")]
    [InlineData("orders", PreviewStart.Offset, "start-offset-missing")]
    public async Task A_wrong_request_is_said_at_once(string topic, PreviewStart start, string cause)
    {
        await using var preview = _host.Service.Open(Request(topic, start));

        Assert.Equal((PreviewState.Failed, cause, null), (preview.Status.State, preview.Status.Cause, preview.Status.NextTry));
    }

    [Fact]
    public async Task Nothing_is_ever_committed()
    {
        _cluster.CreateTopic("orders");
        // The next commit that any client sends gets this error: it must still be there for the test's own.
        _cluster.FailNext(OffsetCommit, ErrorCode.GroupAuthorizationFailed);
        await KcatAsync("orders", "1");
        await using (var preview = await _host.ReadAsync(Request("orders", PreviewStart.Beginning)))
            await preview.WaitForCountAsync(1);
        await _host.DisposeAsync();

        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = _cluster.BootstrapServers, GroupId = "own" }).Build();
        var refused = Assert.ThrowsAny<KafkaException>(() => consumer.Commit([new TopicPartitionOffset("orders", 0, 1)]));
        Assert.Equal(ErrorCode.GroupAuthorizationFailed, refused.Error.Code);
    }

    [Fact]
    public async Task Viewers_of_one_topic_and_start_share_a_reader()
    {
        _cluster.CreateTopic("orders");
        await KcatAsync("orders", "1");
        await using var first = await _host.ReadAsync(Request("orders", PreviewStart.Beginning));
        await using var second = await _host.ReadAsync(Request("orders", PreviewStart.Beginning));
        await using var other = await _host.ReadAsync(Request("orders", PreviewStart.Now));
        await first.WaitForCountAsync(1);

        Assert.Same(Assert.Single(first.Newest(null, 5)), Assert.Single(second.Newest(null, 5)));
        Assert.Empty(other.Newest(null, 5));
    }

    [Fact]
    public async Task A_burst_of_200000_messages_is_counted_in_full_and_kept_in_bounds()
    {
        const int Count = 200_000;
        const int Partitions = 32;
        _cluster.CreateTopic("burst", Partitions);
        var clock = Stopwatch.StartNew();
        using (var producer = Producer())
        {
            var value = new byte[150];
            for (var i = 0; i < Count; i++)
            {
                // Spread by hand: left to itself the client stays on one partition for a while, and the cluster drops what is above 5 MiB there.
                while (!TryProduce(producer, new TopicPartition("burst", i % Partitions), value))
                    producer.Poll(TimeSpan.FromMilliseconds(50));
            }

            producer.Flush(TestContext.Current.CancellationToken);
        }

        var produced = clock.Elapsed;
        await using var preview = _host.Service.Open(Request("burst", PreviewStart.Beginning));
        await preview.WaitForCountAsync(Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"produced in {produced.TotalSeconds:0.0} s, read in {(clock.Elapsed - produced).TotalSeconds:0.0} s, {preview.Status}");

        Assert.Equal(Count, preview.Status.Received);
        Assert.Equal(PreviewLimits.Messages, preview.Status.Buffered);
        Assert.Equal(500, preview.Newest(null, 500).Count);
    }

    [Fact]
    public async Task A_message_is_published_with_key_and_headers()
    {
        _cluster.CreateTopic("orders", partitions: 2);
        var result = await _host.Service.PublishAsync(
            Endpoint,
            Messages.Kafka("orders", "press-07", "Grüße") with
            {
                Partition = 1,
                Timestamp = default,
                ContentType = "text/plain",
                Properties = [Messages.Property("unit", "°C"), Messages.Property("unit", "K")],
            },
            TestContext.Current.CancellationToken);

        Assert.Null(result);
        var read = (await ProcessRunner.RunAsync("kcat", "-C", "-b", _cluster.BootstrapServers, "-t", "orders", "-o", "beginning", "-e", "-q", "-f", "%p|%k|%h|%s")).MustSucceed();
        Assert.Equal("1|press-07|unit=°C,unit=K,content-type=text/plain|Grüße", read.Output.Trim());
    }

    [Fact]
    public async Task A_message_that_cannot_be_published_says_why()
    {
        _cluster.CreateTopic("orders");
        _cluster.CreateTopic("hidden");
        _cluster.SetTopicError("hidden", ErrorCode.TopicAuthorizationFailed);
        Task<string?> Publish(Message message) => _host.Service.PublishAsync(Endpoint, message, TestContext.Current.CancellationToken);

        Assert.Contains("has no partition 7", await Publish(Messages.Kafka("orders", null, "x") with { Partition = 7 }), StringComparison.Ordinal);
        Assert.Contains("may not use this topic", await Publish(Messages.Kafka("hidden", null, "x") with { Partition = null }), StringComparison.Ordinal);
        _cluster.TakeDown();
        Assert.Contains("Nothing listens on", await Publish(Messages.Kafka("orders", null, "x")), StringComparison.Ordinal);
    }

    private PreviewRequest Request(string topic, PreviewStart start) => new(Endpoint, topic) { Start = start };

    private async Task KcatAsync(string topic, string value, params string[] arguments) =>
        (await ProcessRunner.RunAsync("kcat", ["-P", "-b", _cluster.BootstrapServers, "-t", topic, .. arguments], value)).MustSucceed();

    private IProducer<byte[]?, byte[]?> Producer() =>
        new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = _cluster.BootstrapServers, LingerMs = 5 }).Build();

    private static Task ProduceAsync(IProducer<byte[]?, byte[]?> producer, string topic, Message<byte[]?, byte[]?> message) =>
        producer.ProduceAsync(topic, message, TestContext.Current.CancellationToken);

    private static bool TryProduce(IProducer<byte[]?, byte[]?> producer, TopicPartition target, byte[] value)
    {
        try
        {
            producer.Produce(target, new Message<byte[]?, byte[]?> { Value = value });
            return true;
        }
        catch (ProduceException<byte[]?, byte[]?> e) when (e.Error.Code is ErrorCode.Local_QueueFull)
        {
            return false;
        }
    }
}
