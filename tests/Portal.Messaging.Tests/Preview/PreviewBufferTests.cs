using Microsoft.Extensions.Time.Testing;
using Portal.Messaging.Preview;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Preview;

public sealed class PreviewBufferTests
{
    private readonly FakeTimeProvider _time = new(Messages.Time);

    [Fact]
    public void The_number_of_messages_is_bounded_and_the_oldest_go()
    {
        var buffer = new PreviewBuffer(_time, mostMessages: 100);
        Add(buffer, 250);

        Assert.Equal((151, 250), buffer.Kept);
        Assert.Equal(250, buffer.Status.Received);
        Assert.Equal(100, buffer.Status.Buffered);
        Assert.Equal([249, 250], Copy(buffer, 249, 10));
        Assert.Equal([151, 152], Copy(buffer, 1, 2));
        Assert.Empty(Copy(buffer, 251, 10));
    }

    [Fact]
    public void A_burst_of_200000_messages_stays_within_messages_and_bytes()
    {
        var buffer = new PreviewBuffer(TimeProvider.System);
        var payload = new byte[4096];
        for (var i = 0; i < 200_000; i++)
            buffer.Add(Messages.Mqtt("line3/press-" + (i % 5000), payload), payload.Length);

        var status = buffer.Status;
        Assert.Equal(200_000, status.Received);
        Assert.InRange((long)status.Buffered * payload.Length, PreviewLimits.Bytes * 8 / 10, PreviewLimits.Bytes);
        Assert.Equal(PreviewLimits.Topics, buffer.TopicRates().Count);
    }

    [Fact]
    public void Big_messages_push_out_as_many_as_they_need_and_the_newest_always_stays()
    {
        var buffer = new PreviewBuffer(_time, mostMessages: 100, mostBytes: 10_000);
        Add(buffer, 10);
        buffer.Add(Messages.Mqtt("t", new byte[8000]), 8000);
        Assert.InRange(buffer.Status.Buffered, 2, 6);

        buffer.Add(Messages.Mqtt("t", new byte[20_000]), 20_000);
        Assert.Equal((12, 12), buffer.Kept);
        Add(buffer, 1);
        Assert.Equal((13, 13), buffer.Kept);
    }

    [Fact]
    public void The_span_and_the_rates_follow_the_clock()
    {
        var buffer = new PreviewBuffer(_time);
        Add(buffer, 3);
        _time.Advance(TimeSpan.FromSeconds(1));
        Add(buffer, 2);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), buffer.Status.BufferedSpan);
        Assert.Equal(2, buffer.Status.PerSecond);
        Assert.Equal([3, 2], buffer.Status.RateHistory);
        Assert.Equal([("t", 2.5)], buffer.TopicRates());
    }

    [Fact]
    public async Task A_change_completes_the_wait_of_everyone()
    {
        var buffer = new PreviewBuffer(_time);
        var version = buffer.Version;
        var (one, other) = (buffer.ChangeSince(version), buffer.ChangeSince(version));
        Assert.False(one.IsCompleted);

        Add(buffer, 1);

        await Wait.ForAsync(Task.WhenAll(one, other), "both waits end");
        Assert.True(buffer.ChangeSince(version).IsCompleted);
        Assert.False(buffer.ChangeSince(buffer.Version).IsCompleted);
    }

    [Fact]
    public void Closed_is_the_last_state()
    {
        var buffer = new PreviewBuffer(_time);
        buffer.Set(PreviewState.Reading);
        buffer.Set(PreviewState.Closed);
        buffer.Set(PreviewState.Reading);

        Assert.Equal(PreviewState.Closed, buffer.Status.State);
    }

    private static void Add(PreviewBuffer buffer, int count)
    {
        for (var i = 0; i < count; i++)
            buffer.Add(Messages.Mqtt("t", "x"), 1);
    }

    private static IEnumerable<long> Copy(PreviewBuffer buffer, long from, int most)
    {
        var into = new PreviewMessage[most];
        return [.. into.Take(buffer.Copy(from, into)).Select(message => message.Sequence)];
    }
}
