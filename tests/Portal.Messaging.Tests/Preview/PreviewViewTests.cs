using Microsoft.Extensions.Time.Testing;
using Portal.Messaging.Preview;

namespace Portal.Messaging.Tests.Preview;

public sealed class PreviewViewTests
{
    private readonly FakeTimeProvider _time = new(Messages.Time);
    private readonly PreviewBuffer _buffer;
    private readonly PreviewView _view;

    public PreviewViewTests()
    {
        _buffer = new PreviewBuffer(_time, mostMessages: 2000);
        _view = new PreviewView(_buffer, _time);
    }

    [Fact]
    public void The_newest_matching_come_first_and_each_message_meets_the_filter_once()
    {
        var asked = 0;
        bool Even(PreviewMessage message)
        {
            asked++;
            return message.Sequence % 2 == 0;
        }

        Func<PreviewMessage, bool> filter = Even;
        Add(1500);
        Assert.Equal([1500, 1498, 1496], Sequences(_view.Rows(filter, 3, null)));
        Add(2);
        Assert.Equal([1502, 1500, 1498], Sequences(_view.Rows(filter, 3, null)));
        Assert.Equal([1502, 1500, 1498], Sequences(_view.Rows(filter, 3, null)));
        Assert.Equal(1502, asked);
    }

    [Fact]
    public void Another_filter_looks_at_everything_anew()
    {
        Add(10);
        _view.Rows(null, 5, null);

        Assert.Equal([3, 2, 1], Sequences(_view.Rows(message => message.Sequence < 4, 5, null)));
        Assert.Equal([10, 9], Sequences(_view.Rows(null, 2, null)));
    }

    [Fact]
    public void A_row_outlives_its_place_in_the_ring()
    {
        Func<PreviewMessage, bool> first = message => message.Sequence == 1;
        Add(1);
        _view.Rows(first, 5, null);
        Add(5000);

        Assert.Equal([1], Sequences(_view.Rows(first, 5, null)));
    }

    [Fact]
    public void A_paused_page_sees_nothing_newer()
    {
        Add(1200);

        Assert.Equal([1000, 999], _view.UpTo(1000, null, 2).Select(message => message.Sequence));
        Assert.Equal([700, 600, 500, 400, 300, 200, 100], _view.UpTo(777, message => message.Sequence % 100 == 0, 50).Select(message => message.Sequence));
        Assert.Empty(_view.UpTo(0, null, 5));
    }

    [Fact]
    public void A_sample_is_even_bounded_and_says_how_much_it_shows()
    {
        Func<PreviewMessage, bool> filter = message => message.Sequence % 2 == 0;
        _view.Rows(filter, 500, perSecond: 200);
        PreviewSample sample = null!;
        // Two seconds of 10,000 messages each, looked at ten times a second.
        for (var tick = 0; tick < 20; tick++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            Add(1000);
            sample = _view.Rows(filter, 500, perSecond: 200);
        }

        _time.Advance(TimeSpan.FromMilliseconds(1000));
        sample = _view.Rows(filter, 500, perSecond: 200);
        Assert.InRange(sample.Rows.Count, 380, 400);
        Assert.InRange(sample.ShownPerSecond, 0, 200);
        Assert.Equal(Sequences(sample).OrderDescending(), Sequences(sample));
        // Every tick contributes: the sample is not just its end.
        Assert.InRange(sample.Rows.Count(row => row.Sequence <= 10_000), 180, 200);
    }

    [Fact]
    public void A_sample_counts_what_the_filter_lets_through()
    {
        Func<PreviewMessage, bool> filter = message => message.Sequence % 4 == 0;
        _view.Rows(filter, 500, perSecond: 50);
        Add(1000);
        _time.Advance(TimeSpan.FromSeconds(1));
        var sample = _view.Rows(filter, 500, perSecond: 50);

        Assert.Equal(250, sample.MatchedPerSecond);
        Assert.Equal(10, sample.Rows.Count);
    }

    [Fact]
    public void Rows_of_big_payloads_are_bounded_by_bytes()
    {
        for (var i = 0; i < 300; i++)
            _buffer.Add(Messages.Mqtt("t", new byte[PreviewLimits.PayloadBytes]), PreviewLimits.PayloadBytes);

        Assert.InRange(_view.Rows(null, 500, null).Rows.Count, 100, 128);
    }

    private void Add(int count)
    {
        for (var i = 0; i < count; i++)
            _buffer.Add(Messages.Mqtt("t", "x"), 1);
    }

    private static IEnumerable<long> Sequences(PreviewSample sample) => sample.Rows.Select(row => row.Sequence);
}
