using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Confluent.Kafka;
using Portal.Messaging;
using Portal.Messaging.Mqtt.Session;

namespace Portal.Benchmarks;

/// <summary>Publishes messages with the time in them at a steady rate, reads them at the other end, and prints how long they took.</summary>
internal static class FlowMeter
{
    private const int Bytes = 256;

    // The first seconds are for connections and compilers to warm up.
    private const double Warm = 0.2;

    public static async Task RunAsync(int mqtt, int kafka, int count, int rate)
    {
        var latencies = new double[count];
        var reading = Task.Factory.StartNew(() => Read(kafka, latencies), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", mqtt);
        await using var session = new MqttSession(
            client.GetStream(), new MqttConnect("meter", true, 60, 0, ushort.MaxValue, null, null), null, null, new Silent(), TimeProvider.System);
        await session.ConnectAsync();
        await Task.Factory.StartNew(() => Publish(session, count, rate), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var arrived = await reading;
        var warm = latencies[(int)(count * Warm)..].Where(latency => latency > 0).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"at {rate:N0}/s p50 {Part(warm, 0.5):F1} ms, p95 {Part(warm, 0.95):F1} ms, p99 {Part(warm, 0.99):F1} ms, most {warm[^1]:F0} ms; {arrived:N0} of {count:N0} arrived"));
    }

    private static void Publish(MqttSession session, int count, int rate)
    {
        var clock = Stopwatch.StartNew();
        for (var sent = 0; sent < count;)
        {
            for (var due = Math.Min(count, (int)(clock.Elapsed.TotalSeconds * rate)); sent < due; sent++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{sent} {Stopwatch.GetTimestamp()} ").PadRight(Bytes, '.');
                session.Publish(new Message { Topic = "line3/press-07/telemetry", Payload = Encoding.ASCII.GetBytes(text) }, 1, false, (ushort)((sent % 60_000) + 1));
            }

            Thread.Sleep(1);
        }
    }

    private static int Read(int kafka, double[] latencies)
    {
        var config = new ConsumerConfig { BootstrapServers = $"127.0.0.1:{kafka}", GroupId = "meter", EnableAutoCommit = false, FetchWaitMaxMs = 1, FetchErrorBackoffMs = 1 };
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(config).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(BenchmarkFlow.To, TimeSpan.FromSeconds(10)).Topics.Single().Partitions;
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(BenchmarkFlow.To, partition.PartitionId, Offset.Beginning)));
        var arrived = 0;
        while (arrived < latencies.Length && consumer.Consume(TimeSpan.FromSeconds(15)) is { } record)
        {
            var parts = Encoding.ASCII.GetString(record.Message.Value).Split(' ');
            var sent = int.Parse(parts[0], CultureInfo.InvariantCulture);
            if (latencies[sent] == 0)
                arrived++;
            latencies[sent] = Stopwatch.GetElapsedTime(long.Parse(parts[1], CultureInfo.InvariantCulture)).TotalMilliseconds;
        }

        return arrived;
    }

    private static double Part(double[] sorted, double part) => sorted[(int)(sorted.Length * part)];

    private sealed class Silent : IMqttReceiver
    {
        public bool IsFull => false;

        public void Begins(MqttSession session)
        {
        }

        public Task RoomAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Received(Message message, ushort packetId)
        {
        }

        public void Acknowledged(in MqttPubAck answer)
        {
        }

        public void Written(long position)
        {
        }
    }
}
