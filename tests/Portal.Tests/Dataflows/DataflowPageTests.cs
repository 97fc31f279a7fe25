using System.Globalization;
using Bunit;
using Portal.Messaging.Flows;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Resources;
using Portal.Tests.Shared;

namespace Portal.Tests.Dataflows;

public sealed class DataflowPageTests : FlowContext
{
    private static FlowStatus Status(FlowState state = FlowState.Healthy) => new()
    {
        Name = "press-telemetry",
        State = state,
        Ledger = new(41_208_331, 41_195_904, 64, 9_871, 2_480, 12, 0),
        Since = new DateTimeOffset(2026, 11, 22, 6, 0, 0, TimeSpan.Zero),
        Instances = [new("0", state, 1208, 1208, 31, 0), new("1", state, 1204, 1204, 33, 1)],
        Latency = new(21, 48, 83),
        InPerSecond = 2412,
        OutPerSecond = 2411,
    };

    [Theory]
    [InlineData(FlowState.Stopped, "Stopped")]
    [InlineData(FlowState.Starting, "Starting")]
    [InlineData(FlowState.Idle, "Idle")]
    [InlineData(FlowState.Healthy, "Healthy")]
    [InlineData(FlowState.WaitingForSource, "Waiting for source")]
    [InlineData(FlowState.WaitingForDestination, "Waiting for destination")]
    [InlineData(FlowState.Stopping, "Stopping")]
    [InlineData(FlowState.Failed, "Failed")]
    public void Every_state_has_its_word_in_the_head(FlowState state, string word)
    {
        Store.PutOutside(Press);
        Assert.Equal(word, Words(OpenMonitor(Status(state)).Find(".ehead .badge")));
    }

    [Fact]
    public void The_ledger_adds_up_on_the_page()
    {
        Store.PutOutside(Press);
        var page = OpenMonitor(Status());
        Assert.Equal(["41,208,331", "41,195,904", "64", "12,363", "0"], page.FindAll(".eq .v").Select(figure => figure.TextContent));
        Assert.Contains(Text.Ledger_Balances, page.Find(".card .hd .badge.ok").TextContent);
        Assert.Equal("Received 41,208,331 = delivered 41,195,904 + in flight 64 + dropped 12,363", page.Find(".eq").GetAttribute("aria-label"));
        Assert.Equal(["In flight 64", "Expired 9,871", "Filtered, intended 2,480", "Untranslatable 12"], page.FindAll(".legend .key").Select(part => Words(part).Split(" Show")[0]));
        Assert.Contains("Since 22 Nov, 06:00", Words(page.Find(".ledger").ParentElement!.QuerySelector(".hd")!));
    }

    [Fact]
    public void A_ledger_that_does_not_add_up_is_not_said_to_balance()
    {
        Store.PutOutside(Press);
        var page = OpenMonitor(Status() with { Ledger = new(100, 90, 0, 0, 0, 0, 0) });
        Assert.Contains("10 not accounted for", page.Find(".badge.err").TextContent);
        Assert.DoesNotContain(Text.Ledger_Balances, page.Markup);
    }

    [Fact]
    public void Drops_say_what_they_mean_and_the_last_message_about_them()
    {
        Store.PutOutside(Press);
        var page = OpenMonitor(Status() with
        {
            HeadersDropped = System.Collections.Immutable.ImmutableSortedDictionary<string, long>.Empty.Add("not-utf8", 318),
            LastErrors = [new(Time.GetUtcNow(), FlowSide.Message, "topic-segment", "12 messages had no segment 4 for ${inputTopic.4}.", "Correct the destination topic.", 12)],
        });
        page.FindAll(".legend button").Single(button => button.TextContent.Contains("Untranslatable", StringComparison.Ordinal)).Click();
        Assert.Contains("no segment 4", page.Find(".why").TextContent);
        Assert.Equal("318", page.FindAll(".eq .v")[^1].TextContent);
        page.Find(".eq button").Click();
        Assert.Contains("not valid UTF-8", page.FindAll(".why")[^1].TextContent);
    }

    [Fact]
    public void What_it_waits_for_stands_with_its_fix_and_a_way_to_the_test()
    {
        Store.PutOutside(Press);
        var page = OpenMonitor(Status(FlowState.WaitingForDestination) with
        {
            Problem = new(Time.GetUtcNow(), FlowSide.Destination, "tcp-refused", "kafka.example:9092 refuses the connection.", "Start the broker.", 3),
        });
        var card = page.Find(".cause-card");
        Assert.Contains("refuses the connection", card.TextContent);
        Assert.Contains("64 messages held, nothing dropped", card.TextContent);
        Assert.Contains("Start the broker.", card.TextContent);
        Assert.Equal("/endpoints/line3-kafka?tab=test", card.QuerySelector("a")!.GetAttribute("href"));
    }

    [Fact]
    public void Charts_say_in_words_what_they_show_and_draw_no_line_over_a_gap()
    {
        Store.PutOutside(Press);
        var now = Time.GetUtcNow();
        Flows.Histories["press-telemetry"] =
        [
            .. Enumerable.Range(0, 4).Select(at => new FlowPoint(now.AddSeconds(-200 + (at * 5)), 100, 90, 10, 20, 30)),
            .. Enumerable.Range(0, 4).Select(at => new FlowPoint(now.AddSeconds(-20 + (at * 5)), 100, 90, 10, 20, 30)),
        ];
        var page = OpenMonitor(Status());
        var charts = page.FindAll("svg.chart");
        Assert.Contains("2,412 messages a second in and 2,411 out", charts[0].GetAttribute("aria-label"));
        Assert.Contains("p50 21, p95 48 and p99 83", charts[1].GetAttribute("aria-label"));
        Assert.Equal(2, charts[0].QuerySelectorAll("path[stroke]")[0].GetAttribute("d")!.Count(letter => letter == 'M'));
    }

    [Fact]
    public void A_time_without_a_connection_is_a_band_of_the_charts_and_said_in_words()
    {
        Store.PutOutside(Press);
        var now = Time.GetUtcNow();
        Flows.Histories["press-telemetry"] =
        [
            .. Enumerable.Range(0, 36).Select(at => new FlowPoint(now.AddSeconds(-180 + (at * 5)), 100, 90, 10, 20, 30) { State = at is >= 12 and < 24 ? FlowState.WaitingForDestination : FlowState.Healthy }),
        ];
        var page = OpenMonitor(Status());
        var band = Assert.Single(page.FindAll("svg.chart")[0].QuerySelectorAll("rect.band"));
        // One of the five minutes that the charts show.
        Assert.Equal("96", band.GetAttribute("width"));
        Assert.Equal(Text.State_WaitingForDestination, band.TextContent);
        Assert.All(page.FindAll("svg.chart"), chart => Assert.EndsWith("Shaded: 1 minutes without a connection.", chart.GetAttribute("aria-label"), StringComparison.Ordinal));
    }

    [Fact]
    public void Instances_are_named_with_their_figures()
    {
        Store.PutOutside(Press);
        Store.PutOutside(new DataflowProfile { Name = "default", InstanceCount = 2 });
        var page = OpenMonitor(Status());
        Assert.Contains("2 of 2 running", page.Markup);
        Assert.Contains(page.FindAll("tbody tr"), row => Words(row) == "press-telemetry-1 Healthy 1,204/s 33 1");
    }

    [Fact]
    public async Task Start_and_stop_set_the_mode()
    {
        Store.PutOutside(Press);
        var page = OpenMonitor(Status());
        await ClickAsync(page, () => page.FindAll(".ehead button").Single(button => button.TextContent.Trim() == Text.Flow_Stop));
        await Wait.UntilHoldsAsync(() => Assert.Equal(OperationalMode.Disabled, Flow()!.Mode));
        LetSettle();
        page.WaitForAssertion(() => Assert.Contains(Text.Flow_Start, page.Find(".ehead").TextContent));
        await ClickAsync(page, () => page.FindAll(".ehead button").Single(button => button.TextContent.Trim() == Text.Flow_Start));
        await Wait.UntilHoldsAsync(() => Assert.Equal(OperationalMode.Enabled, Flow()!.Mode));
    }

    [Fact]
    public void The_next_live_message_is_shown_property_by_property()
    {
        Store.PutOutside(Press);
        var page = OpenMonitor(Status());
        Assert.Equal(["line3/+/telemetry"], Previews.Topics);
        Assert.Contains(Text.Inspector_NoMessage, page.Markup);
        Previews.Send(Telemetry(), Time.GetUtcNow());
        page.WaitForAssertion(() => Assert.Contains(page.FindAll(".insp tbody tr"), row => Words(row) == "Content type application/json = Copied Content Type application/json Copy MQTT properties"));
        var counts = page.FindAll(".counts .ct").Select(count => count.TextContent).ToList();
        Assert.Equal(page.FindAll(".insp tbody tr").Count, counts.Sum(count => int.Parse(count.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Contains("line3/press-07/telemetry", page.Find(".inspector .hd").TextContent);

        Previews.Send(Telemetry("line3/press-08/telemetry"), Time.GetUtcNow());
        Assert.DoesNotContain("press-08", page.Find(".inspector").TextContent);
        Button(page, Text.Inspector_Next).Click();
        page.WaitForAssertion(() => Assert.Contains("press-08", page.Find(".inspector").TextContent));
    }

    [Fact]
    public void A_pasted_message_is_translated_and_a_mistake_in_it_named()
    {
        Store.PutOutside(Press);
        var page = OpenMonitor();
        page.FindAll(".seg button")[1].Click();
        page.Find("textarea").Input("""{ "topic": "line3/press-07/telemetry", "messageExpiryInterval": 300, "payload": { "encoding": "text", "value": "ready" } }""");
        Assert.Contains(page.FindAll(".insp tbody tr"), row => Words(row).StartsWith("Message expiry interval 300 = Copied Message Expiry Interval 300", StringComparison.Ordinal));
        page.Find("textarea").Input("""{ "topic": """);
        Assert.Contains("This is no JSON", page.Find(".msg.err").TextContent);
        Assert.Empty(page.FindAll(".insp"));
        page.Find("textarea").Input("""{ "payload": { "encoding": "text", "value": "ready" } }""");
        Assert.Contains("topic", page.Find(".msg.err").TextContent);
    }

    [Fact]
    public async Task Leaving_the_page_ends_its_reader()
    {
        Store.PutOutside(Press);
        OpenMonitor(Status());
        Assert.Equal(1, Previews.Open);
        await DisposeComponentsAsync();
        Assert.Equal(0, Previews.Open);
    }

    [Fact]
    public void A_name_that_nothing_has_leads_to_the_list()
    {
        var page = OpenMonitor(name: "gone");
        Assert.Contains("There is no dataflow gone", page.Markup);
        Assert.Equal("/dataflows", page.Find(".empty a").GetAttribute("href"));
    }

    [Fact]
    public void Every_reason_that_drops_a_header_has_words() => Assert.All(
        Enum.GetNames<HeaderDropReason>(), name => Assert.NotNull(Text.ResourceManager.GetString("HeaderDrop_" + name.ToLowerInvariant(), CultureInfo.InvariantCulture)));

    [Fact]
    public async Task The_page_is_drawn_at_most_twice_a_second()
    {
        Store.PutOutside(Press);
        var page = OpenMonitor(Status());
        var before = Flows.Asked;
        for (var at = 0; at < 200; at++)
        {
            Flows.Put(Status() with { Reconnects = at });
            Time.Advance(TimeSpan.FromMilliseconds(10));
        }
        await Wait.UntilAsync(() => Flows.Asked > before, "the page asks again");
        Assert.InRange(Flows.Asked - before, 1, 4);
    }

    [Fact]
    public void At_most_once_is_said()
    {
        Store.PutOutside(Press);
        var kafka = Kafka("line3-kafka", "portal-line3");
        Store.PutOutside(kafka with { Settings = kafka.Kafka! with { KafkaAcks = KafkaAcks.Zero } });
        Assert.Contains(Text.Flow_AtMostOnceAcks, OpenMonitor(Status()).Markup);
    }
}
