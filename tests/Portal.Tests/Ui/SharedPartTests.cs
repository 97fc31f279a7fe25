using Bunit;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Components.Testing;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;
using Portal.Resources;

namespace Portal.Tests.Ui;

public sealed class SharedPartTests : UiContext
{
    [Theory]
    [MemberData(nameof(States))]
    public void Every_state_has_a_word_and_speaks_when_only_the_glyph_shows(UiState state)
    {
        Assert.Contains(Text.Get("State_" + state), Render<StateGlyph>(part => part.Add(glyph => glyph.State, state)).Markup);
        var alone = Render<StateGlyph>(part => part.Add(glyph => glyph.State, state).Add(glyph => glyph.GlyphOnly, true));
        Assert.Contains(Text.Get("State_" + state), alone.Markup);
    }

    public static TheoryData<UiState> States => new(Enum.GetValues<UiState>());

    [Fact]
    public void Every_kind_has_an_icon_of_its_own()
    {
        var icons = EndpointKind.All.Select(KindIcon.IconOf).ToList();
        Assert.Equal(icons.Count, icons.Distinct().Count());
        Assert.DoesNotContain(PortalIcons.Endpoint, icons);
        Assert.Contains("ki kafka", Render<KindIcon>(part => part.Add(icon => icon.Kind, EndpointKind.EventHubs)).Markup);
        Assert.Contains(Text.Kind_Other, Render<KindIcon>(part => part.Add(icon => icon.Kind, null)).Markup);
    }

    [Fact]
    public void An_untrusted_root_leads_to_the_config_maps()
    {
        var asked = 0;
        var result = new StageResult(TestStage.Tls, TestVerdict.Failed, 9, "The chain ends at an untrusted root", "tls-untrusted-root", "Trust the CA.");
        var stage = Render<StageRow>(part => part.Add(row => row.Stage, TestStage.Tls).Add(row => row.Result, result).Add(row => row.OnChooseConfigMap, () => asked++));
        stage.FindAll(".fix button").Single(button => button.TextContent == Text.Trust_Choose).Click();
        Assert.Equal(1, asked);
        stage.Render(part => part.Add(row => row.Result, result with { Cause = "tls-expired" }));
        Assert.DoesNotContain(Text.Trust_Choose, stage.Markup);
    }

    [Fact]
    public void A_time_is_shown_in_the_browsers_zone()
    {
        Browser("Europe/Berlin");
        var time = Render<TimeText>(part => part.Add(text => text.At, Time.GetUtcNow()).Add(text => text.As, TimeStyle.Clock));
        Assert.Equal("14:00:00", time.Find("time").TextContent);
        Assert.Contains("+01:00", time.Find("time").GetAttribute("title"));
    }

    [Fact]
    public void An_age_grows_without_help()
    {
        var time = Render<TimeText>(part => part.Add(text => text.At, Time.GetUtcNow()));
        Assert.Equal(Text.Time_Now, time.Find("time").TextContent);
        Time.Advance(TimeSpan.FromMinutes(3));
        time.WaitForAssertion(() => Assert.Equal("3 min ago", time.Find("time").TextContent));
    }

    [Theory]
    [InlineData("mqtt.line3.leipzig.example:8883", "mqtt", ".line3.leipzig.example", ":8883")]
    [InlineData("aio-broker:18883", "aio-broker", "", ":18883")]
    [InlineData("10.20.4.17:1883", "10.20.4.17", "", ":1883")]
    [InlineData("", "", "", "")]
    public void The_port_is_never_part_of_what_is_cut(string host, string name, string domain, string port)
    {
        var parts = Render<MiddleCut>(part => part.Add(cut => cut.Value, host)).FindAll(".hostc > span");
        Assert.Equal([name, domain, port], parts.Select(part => part.TextContent));
    }

    [Fact]
    public void A_wait_shows_after_a_second_and_counts()
    {
        var wait = Render<WaitNotice>(part => part.Add(notice => notice.What, "Reading partitions, 7 of 32").Add(notice => notice.Done, 0.22));
        Assert.Equal("", wait.Markup.Trim());
        Time.Advance(TimeSpan.FromSeconds(4));
        wait.WaitForAssertion(() => Assert.Contains("4 s", wait.Markup));
        Assert.Equal("22", wait.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
    }

    [Fact]
    public void Problems_stand_before_advice_and_open_their_field()
    {
        ProblemStrip.Problem? opened = null;
        var strip = Render<ProblemStrip>(part => part
            .Add(problems => problems.Problems,
            [
                new(false, "Intermediate certificate may be needed", "", "chain"),
                new(true, "X509 client key has no entry", "The secret has no entry.", "key"),
            ])
            .Add(problems => problems.OnOpen, problem => opened = problem));
        Assert.Equal(["1 problem", "1 advisory"], strip.FindAll(".st").Select(state => state.TextContent.Trim()));
        strip.Find("button").Click();
        Assert.Equal("key", opened?.Target);
    }

    [Fact]
    public void A_document_has_a_line_for_each_line_with_its_mark()
    {
        var view = Render<CodeView>(part => part
            .Add(code => code.Code, "kind: DataflowEndpoint\nspec:\n  qos: 1\n")
            .Add(code => code.Label, "YAML document").Add(code => code.Language, CodeLanguage.Yaml)
            .Add(code => code.Marks, new Dictionary<int, LineMark> { [3] = LineMark.Added })
            .Add(code => code.CurrentLine, 2));
        Assert.Equal(["ln", "ln cur", "ln add"], view.FindAll(".ln").Select(line => line.ClassName));
        Assert.Equal("+", view.Find(".add .g").TextContent);
        Assert.Equal("1", view.Find(".yn").TextContent);
    }

    [Fact]
    public void A_diff_without_a_difference_says_so()
    {
        var diff = Render<DiffView>(part => part.Add(view => view.Before, "a").Add(view => view.After, "a"));
        Assert.Equal(Text.Diff_None, diff.Find("p").TextContent);
        diff.Render(part => part.Add(view => view.After, "b"));
        Assert.Equal(2, diff.FindAll(".a, .d").Count);
    }

    [Fact]
    public void A_text_that_is_missing_is_an_error() => Assert.Throws<ArgumentException>(() => Text.Get("No_such_key"));
}
