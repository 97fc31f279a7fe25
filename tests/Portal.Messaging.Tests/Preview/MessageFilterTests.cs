using CsCheck;
using Portal.Messaging.Preview;

namespace Portal.Messaging.Tests.Preview;

public sealed class MessageFilterTests
{
    private const string Press = """{"temp_c":71.4,"state":"RUN","seq":88117,"tool":{"id":"T-2291"},"axes":[{"n":1},{"n":7}],"ok":true,"note":null,"big":12345678901234567891}""";

    private static readonly PreviewMessage _press = (Messages.Mqtt("line3/press-07/telemetry", Press) with
    {
        Properties = [Messages.Property("unit", "degC"), Messages.Property("line no", "3"), Messages.Property("line no", "12")],
    }).InPreview();

    private static readonly PreviewMessage _order = Messages.Kafka("orders", "Press-07", "Heartbeat Übung").InPreview();

    public static TheoryData<string, bool> OnPress => new()
    {
        { "", true },
        { "   ", true },
        { "topic:line3/#", true },
        { "topic:line3/+/telemetry", true },
        { "topic:#", true },
        { "topic:+/press-07/#", true },
        { "topic:line3/press-07/telemetry/#", true },
        { "topic:line3/+", false },
        { "topic:LINE3/#", false },
        { "topic:PRESS-07", true },
        { "topic:press-08", false },
        { "topic=line3/press-07/telemetry", true },
        { "topic=line3", false },
        { "TOPIC:line3/#", true },
        { "text:run", true },
        { "text:\"RUN\\\"\"", true },
        { "run", true },
        { "\"\\\"state\\\":\\\"run\\\"\"", true },
        { "walk", false },
        { "text=run", false },
        { "run temp_c", true },
        { "run walk", false },
        { "run or walk", true },
        { "walk or stop or run", true },
        { "not walk", true },
        { "not not run", true },
        { "run and not walk", true },
        { "NOT run", false },
        { "walk and run or run", true },
        { "walk and (run or run)", false },
        { "not (walk or stop)", true },
        { "((run))", true },
        { "key:press", false },
        { "not key:press", true },
        { "property:unit", true },
        { "property:UNIT=DEGC", true },
        { "property:unit=degF", false },
        { "property:unit!=degF", true },
        { "property:unit!=degC", false },
        { "property:nothing!=degC", false },
        { "property:unit:deg", true },
        { "property:unit = degC and run", true },
        { "property:\"line no\"=12", true },
        { "property:\"line no\">10", true },
        { "property:\"line no\">100", false },
        { "json:$.temp_c>70", true },
        { "json:$.temp_c > 70 and run", true },
        { "json:$.temp_c>=71.4", true },
        { "json:$.temp_c<71.4", false },
        { "json:$.temp_c=71.40", true },
        { "json:$.temp_c==7.14e1", true },
        { "json:$.temp_c!=71.4", false },
        { "json:$.temp_c=\"71.4\"", true },
        { "json:$.temp_c:1.4", true },
        { "json:temp_c>70", true },
        { "json:$.state=run", true },
        { "json:$.state=\"run\"", true },
        { "json:$.state:u", true },
        { "json:$.state>pause", true },
        { "json:$.tool.id=t-2291", true },
        { "json:$['tool']['id']=T-2291", true },
        { "json:$[\"tool\"].id", true },
        { "json:$.tool.name", false },
        { "json:$.axes[1].n=7", true },
        { "json:$.axes[0].n=7", false },
        { "json:$.axes[*].n=7", true },
        { "json:$.axes[9]", false },
        { "json:$.*.id=T-2291", true },
        { "json:$.ok=true", true },
        { "json:$.note=null", true },
        { "json:$.big=12345678901234567891", true },
        { "json:$.big=12345678901234567890", false },
        { "json:$", true },
        { "json:$.tool>1", false },
        { "topic:line3/# and not text:\"heartbeat\"", true },
        { "topic:line3/# and not text:\"telemetry\"", true },
        { "android", false },
        { "normal", false },
    };

    [Theory]
    [MemberData(nameof(OnPress))]
    public void A_filter_lets_a_message_through_or_not(string text, bool expected)
    {
        var filter = MessageFilter.Parse(text);

        Assert.Null(filter.Error);
        Assert.Equal(expected, filter.Matches(_press));
    }

    [Theory]
    [InlineData("key:press", true)]
    [InlineData("key=press-07", true)]
    [InlineData("key=press", false)]
    [InlineData("HEARTBEAT", true)]
    [InlineData("übUNG", true)]
    [InlineData("\"beat ü\"", true)]
    [InlineData("text=\"heartbeat übung\"", true)]
    [InlineData("json:$.temp_c>70", false)]
    [InlineData("not json:$", true)]
    public void A_filter_reads_kafka_keys_and_any_text(string text, bool expected) =>
        Assert.Equal(expected, MessageFilter.Parse(text).Matches(_order));

    [Theory]
    [InlineData("{\"a\":", "json:$.a", false)]
    [InlineData("{\"a\":1,", "json:$.a=1", true)]
    [InlineData("{\"a\":\"\\ud800\"}", "json:$.a=x", false)]
    [InlineData("[[[[", "json:$[0][0]", true)]
    [InlineData("nonsense", "json:$", false)]
    public void A_payload_that_is_broken_never_breaks_the_filter(string payload, string text, bool expected) =>
        Assert.Equal(expected, MessageFilter.Parse(text).Matches(Messages.Mqtt("t", payload).InPreview(payload.Length + 1)));

    [Theory]
    [InlineData("topic:", 6, "A value is missing")]
    [InlineData("a and", 5, "A condition is missing")]
    [InlineData("and b", 0, "A condition is missing")]
    [InlineData("a or or b", 5, "A condition is missing")]
    [InlineData("not", 3, "A condition is missing")]
    [InlineData("(a", 0, "not closed")]
    [InlineData("a)", 1, "no opening one")]
    [InlineData("()", 1, "A condition is missing")]
    [InlineData("text:\"a", 5, "quote is not closed")]
    [InlineData("topc:line3", 0, "no field \"topc\"")]
    [InlineData("topic:a/#/b", 6, "# stands alone")]
    [InlineData("topic:a/b+", 6, "+ stands alone")]
    [InlineData("property:=3", 9, "name of the property is missing")]
    [InlineData("property:unit=", 14, "A value is missing after =")]
    [InlineData("json:>3", 5, "JSON path is missing")]
    [InlineData("json:$.", 7, "A name is missing")]
    [InlineData("json:$[x]", 6, "This bracket")]
    [InlineData("json:$.a>", 9, "A value is missing after >")]
    [InlineData("property=3", 8, "Write a colon after property")]
    public void What_is_wrong_is_said_with_its_place(string text, int position, string message)
    {
        var filter = MessageFilter.Parse(text);

        Assert.NotNull(filter.Error);
        Assert.Contains(message, filter.Error.Message, StringComparison.Ordinal);
        Assert.Equal(position, filter.Error.Position);
        Assert.Null(filter.Predicate);
    }

    [Fact]
    public void Deep_nesting_and_long_texts_are_refused_in_words()
    {
        Assert.Contains("nests deeper", MessageFilter.Parse(new string('(', 4000)).Error?.Message, StringComparison.Ordinal);
        Assert.Contains("nests deeper", MessageFilter.Parse(string.Concat(Enumerable.Repeat("not ", 1000))).Error?.Message, StringComparison.Ordinal);
        Assert.Contains("characters long", MessageFilter.Parse(new string('a', 5000)).Error?.Message, StringComparison.Ordinal);
        Assert.Null(MessageFilter.Parse(string.Join(" or ", Enumerable.Repeat("ab", 600))).Error);
    }

    [Fact]
    public void Any_text_is_a_filter_or_an_error_inside_the_text_and_meets_any_payload_without_an_exception()
    {
        var pieces = Gen.OneOf(
            "topic:", "key:", "text:", "property:", "json:$", ".a", "[0]", "['", "[*]", ">=", "!=", "=", ":", "\"", "\\", "(", ")", " ",
            "and", " or ", "not ", "#", "+", "/", "7", "-1e9", "é", "\ud83d", "\0", "$SYS", "line3");
        var texts = Gen.Select(Gen.OneOf(pieces, Gen.String).Array[0, 24], parts => string.Concat(parts));
        var payloads = Gen.OneOf(
            Gen.Byte.Array[0, 40],
            Gen.Select(Gen.OneOf("{", "}", "[", "]", "\"a\"", ":", ",", "1", "null", "\\u", " ").Array[0, 12], parts => Messages.Bytes(string.Concat(parts))));

        Gen.Select(texts, payloads, Gen.Bool).Sample(
            (text, payload, cut) =>
            {
                var filter = MessageFilter.Parse(text);
                if (filter.Error is { } error)
                {
                    Assert.InRange(error.Position, 0, text.Length);
                    Assert.NotEmpty(error.Message);
                }

                var message = Messages.Mqtt("line3/a", payload) with { Key = payload, Properties = [new MessageProperty("a", payload)] };
                filter.Matches(message.InPreview(cut ? payload.Length + 9 : null));
            },
            iter: 20_000);
    }
}
