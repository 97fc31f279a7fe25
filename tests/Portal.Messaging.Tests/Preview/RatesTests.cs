using Portal.Messaging.Preview;

namespace Portal.Messaging.Tests.Preview;

public sealed class RatesTests
{
    [Fact]
    public void A_meter_tells_the_last_whole_second_and_a_minute_of_history()
    {
        var meter = new RateMeter(100);
        Count(meter, 100, 3);
        Count(meter, 102, 5);
        Count(meter, 103, 1);

        Assert.Equal(5, meter.LastSecond(103));
        Assert.Equal([3, 0, 5], meter.History(103));
        Assert.True(meter.Moves(160));
        Assert.Equal(60, meter.History(163).Count);
        Assert.Equal(1, meter.History(163)[0]);
        Assert.False(meter.Moves(164));
        Assert.Equal(0, meter.LastSecond(1000));
    }

    [Fact]
    public void A_meter_counts_into_past_seconds_but_not_beyond_its_history()
    {
        var meter = new RateMeter(0);
        Count(meter, 200, 1);
        Count(meter, 150, 4);
        Count(meter, 139, 9);

        Assert.Equal(4, meter.History(201)[150 - 141]);
        Assert.Equal(5, meter.History(201).Sum());
    }

    [Fact]
    public void Topics_have_the_mean_of_the_last_five_whole_seconds()
    {
        var rates = new TopicRates(0, mostTopics: 10);
        for (var second = 0; second < 8; second++)
        {
            for (var i = 0; i < 10; i++)
                rates.Add("busy", second);
        }

        rates.Add("quiet", 7);

        Assert.Equal([("busy", 10), ("quiet", 0.2)], rates.Rates(8));
        Assert.Equal([("busy", 4), ("quiet", 0.2)], rates.Rates(11));
        Assert.Equal([("busy", 0), ("quiet", 0)], rates.Rates(30));
    }

    [Fact]
    public void The_first_seconds_are_not_diluted()
    {
        var rates = new TopicRates(50, mostTopics: 10);
        rates.Add("a", 50);
        rates.Add("a", 50);

        Assert.Equal([("a", 2)], rates.Rates(51));
    }

    [Fact]
    public void The_number_of_topics_is_bounded_and_silent_ones_make_room()
    {
        var rates = new TopicRates(0, mostTopics: 3);
        foreach (var topic in (string[])["a", "b", "c", "d"])
            rates.Add(topic, 1);
        Assert.Equal(["a", "b", "c"], rates.Rates(2).Select(rate => rate.Topic).Order());

        rates.Add("b", 70);
        rates.Add("e", 70);
        Assert.Equal(["b", "e"], rates.Rates(71).Select(rate => rate.Topic).Order());
    }

    [Theory]
    [InlineData(1, 0.0, 250)]
    [InlineData(1, 0.999999, 500)]
    [InlineData(2, 0.999999, 1000)]
    [InlineData(6, 0.999999, 16_000)]
    [InlineData(7, 0.999999, 30_000)]
    [InlineData(7, 0.0, 15_000)]
    [InlineData(int.MaxValue, 0.5, 22_500)]
    public void Reconnecting_waits_longer_each_time_up_to_half_a_minute(int failures, double random, int milliseconds) =>
        Assert.Equal(milliseconds, ReconnectDelay.After(failures, random).TotalMilliseconds, 0.1);

    private static void Count(RateMeter meter, long second, int times)
    {
        for (var i = 0; i < times; i++)
            meter.Add(second);
    }
}
