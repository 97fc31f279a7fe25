using Confluent.Kafka;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Portal.Messaging.Flows;

namespace Portal.Messaging.Tests.Flows;

/// <summary>The window, its ledger, the watermark and the latency, without brokers.</summary>
public sealed class FlowWindowTests
{
    private static readonly FlowOutcome[] _outcomes = Enum.GetValues<FlowOutcome>();

    /// <summary>In whatever order messages end, they are acknowledged in the order of receipt, once, and the ledger balances at every step.</summary>
    [Fact]
    public void Messages_are_acknowledged_in_order_however_they_end() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, int.MaxValue]).Sample((count, seed) =>
        {
            var random = new Random(seed);
            var acknowledged = new List<long>();
            var counters = new FlowCounters(TimeProvider.System);
            var window = new FlowWindow(count, long.MaxValue, counters, slot => acknowledged.Add(slot.Sequence), TimeProvider.System);
            for (var i = 0; i < count; i++)
                window.Add(new Message { Topic = "line3", Payload = new byte[i] }, (ushort)i, 1);
            Assert.True(window.IsFull);
            var ended = new HashSet<long>();
            foreach (var sequence in Enumerable.Range(0, count).OrderBy(_ => random.Next()).Select(i => (long)i))
            {
                window.End(window.At(sequence), _outcomes[random.Next(_outcomes.Length)]);
                ended.Add(sequence);
                var ledger = counters.Ledger(() => window.Tail);
                Assert.True(ledger.IsBalanced);
                Assert.Equal(Enumerable.Range(0, acknowledged.Count).Select(i => (long)i), acknowledged);
                Assert.Equal(count - acknowledged.Count, ledger.InFlight);
                Assert.True(acknowledged.Count == count || !ended.Contains(acknowledged.Count));
            }

            Assert.Equal(0, counters.Ledger(() => window.Tail).InFlight);
        });

    [Fact]
    public async Task Ended_by_many_threads_nothing_stays_behind()
    {
        const int Count = 20_000;
        var acknowledged = 0L;
        var counters = new FlowCounters(TimeProvider.System);
        var window = new FlowWindow(64, long.MaxValue, counters, slot => Assert.Equal(acknowledged++, slot.Sequence), TimeProvider.System);
        var queue = System.Threading.Channels.Channel.CreateUnbounded<FlowSlot>();
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await foreach (var slot in queue.Reader.ReadAllAsync())
                window.End(slot, FlowOutcome.Delivered);
        })).ToList();
        for (var i = 0; i < Count; i++)
        {
            await window.RoomAsync(TestContext.Current.CancellationToken).WaitAsync(FlowHost.Limit);
            window.Add(new Message { Topic = "line3" }, 0, 1);
            await queue.Writer.WriteAsync(window.At(i));
        }

        await window.DrainAsync(TestContext.Current.CancellationToken).WaitAsync(FlowHost.Limit);
        queue.Writer.Complete();
        await Task.WhenAll(workers);
        Assert.Equal(new FlowLedger(Count, Count, 0, 0, 0, 0, 0), counters.Ledger(() => window.Tail));
        Assert.True(window.IsFull, "A drained window takes nothing more.");
    }

    [Fact]
    public void A_window_is_full_by_bytes_too()
    {
        var window = new FlowWindow(1000, 100, new FlowCounters(TimeProvider.System), _ => { }, TimeProvider.System);
        window.Add(new Message { Topic = "line3", Payload = new byte[99] }, 0, 1);
        Assert.False(window.IsFull);
        window.Add(new Message { Topic = "line3", Payload = new byte[1] }, 0, 1);
        Assert.True(window.IsFull);
        window.End(window.At(0), FlowOutcome.Filtered);
        Assert.False(window.IsFull);
    }

    [Fact]
    public void Latency_is_told_within_an_eighth_over_the_last_minute()
    {
        var time = new FakeTimeProvider();
        var counters = new FlowCounters(time);
        var window = new FlowWindow(2000, long.MaxValue, counters, _ => { }, time);
        for (var milliseconds = 1; milliseconds <= 1000; milliseconds++)
        {
            window.Add(new Message { Topic = "line3" }, 0, 1);
            time.Advance(TimeSpan.FromMilliseconds(milliseconds / 100.0));
            window.End(window.At(milliseconds - 1), FlowOutcome.Delivered);
        }

        var latency = LatencyHistogram.Of(counters.Latency(lastPartOnly: false));
        Assert.InRange(latency.P50!.Value, 5 * 0.88, 5 * 1.12);
        Assert.InRange(latency.P99!.Value, 9.9 * 0.88, 9.9 * 1.12);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(LatencyHistogram.Of(counters.Latency(lastPartOnly: false)).P50);
    }

    [Fact]
    public void An_offset_of_an_earlier_assignment_is_never_stored()
    {
        var watermark = new OffsetWatermark();
        TopicPartition partition = new("plant", 0);
        watermark.Assign([partition]);
        var first = watermark.GenerationOf("plant", 0);
        watermark.Done("plant", 0, 41, first);
        Assert.Equal([new TopicPartitionOffset(partition, 42)], watermark.Take());
        Assert.Empty(watermark.Take());
        watermark.Revoke([partition]);
        Assert.Equal(-1, watermark.GenerationOf("plant", 0));
        watermark.Assign([partition]);
        watermark.Done("plant", 0, 99, first);
        Assert.Empty(watermark.Take());
        watermark.Done("plant", 0, 50, watermark.GenerationOf("plant", 0));
        Assert.Equal([new TopicPartitionOffset(partition, 51)], watermark.Take());
    }
}
