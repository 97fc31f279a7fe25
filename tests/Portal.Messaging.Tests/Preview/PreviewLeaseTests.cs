using Microsoft.Extensions.Time.Testing;
using Portal.Messaging.Preview;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Preview;

public sealed class PreviewLeaseTests
{
    private readonly FakeTimeProvider _time = new(Messages.Time);
    private readonly PreviewBuffer _buffer;
    private readonly PreviewLease _lease;

    public PreviewLeaseTests()
    {
        _buffer = new PreviewBuffer(_time, mostMessages: 10);
        _lease = new PreviewLease(_buffer, _time, () => { });
    }

    [Fact]
    public async Task Changes_are_told_at_most_every_100_milliseconds_and_none_is_missed()
    {
        Add(1);
        await Wait.ForAsync(WaitForChange(), "the change before the call is told");
        Add(5000);
        var second = WaitForChange();
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await Wait.ForAsync(second, "the change is told after 100 ms");
    }

    [Fact]
    public async Task Falling_rates_are_told_without_a_message_until_they_are_zero()
    {
        Add(1);
        await Wait.ForAsync(WaitForChange(), "the message is told");
        var falling = WaitForChange();
        await Wait.UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMilliseconds(200));
                return falling.IsCompleted;
            },
            "time alone is told");

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(_buffer.RatesMove);
        var still = WaitForChange();
        for (var second = 0; second < 10; second++)
            _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(still.IsCompleted);
        Add(1);
        await Wait.ForAsync(still, "a message ends the silence");
    }

    [Fact]
    public async Task A_wait_ends_with_its_caller_and_a_closed_lease_tells_nothing()
    {
        using var stop = new CancellationTokenSource();
        var waiting = _lease.WaitForChangeAsync(stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await _lease.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(WaitForChange);
    }

    [Fact]
    public void A_stream_gets_every_message_once_and_knows_what_it_lost()
    {
        Add(4);
        var (first, lost) = _lease.After(0, 3);
        Assert.Equal([1, 2, 3], first.Select(message => message.Sequence));
        Assert.Equal(0, lost);

        Add(20);
        (first, lost) = _lease.After(3, 100);
        Assert.Equal((15, 24), (first[0].Sequence, first[^1].Sequence));
        Assert.Equal(11, lost);
        Assert.Empty(_lease.After(24, 100).Messages);
    }

    private Task WaitForChange() => _lease.WaitForChangeAsync(TestContext.Current.CancellationToken);

    private void Add(int count)
    {
        for (var i = 0; i < count; i++)
            _buffer.Add(Messages.Mqtt("t", "x"), 1);
    }
}
