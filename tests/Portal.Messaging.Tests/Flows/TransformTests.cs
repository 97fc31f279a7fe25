using CsCheck;
using Portal.Messaging.Flows;
using Portal.Model.Dataflows;

namespace Portal.Messaging.Tests.Flows;

public sealed class TransformTests
{
    private const string Saturation = """{"Saturation":{"Max":0.42,"Min":0.67,"Mid":{"Avg":0.51,"Mean":0.56}},"Opacity":{"Max":0.88,"Min":0.91,"Mid":{"Avg":0.89,"Mean":0.89}}}""";

    private static TransformationMap Map(string output, string? expression, params string[] inputs) => new() { Inputs = [.. inputs], Output = output, Expression = expression };

    private static Flow With(params TransformationMap[] maps) => Flow.MqttToKafka() with { Transformation = new Transformation { Maps = [.. maps] } };

    private static Flow Filter(params (string Input, string Expression)[] filters) => Flow.MqttToKafka() with
    {
        Transformation = new Transformation { Filters = [.. filters.Select(filter => new TransformationFilter { Inputs = [filter.Input], Expression = filter.Expression })] },
    };

    private static Message Json(string payload) => Flow.Mqtt() with { Payload = Flow.Bytes(payload) };

    private static string Payload(Flow flow, string payload) => flow.Translate(Json(payload)) is { Message: { } message } ? Flow.Text(message.Payload) : "dropped";

    [Fact]
    public void Fields_are_renamed_restructured_and_merged() => Assert.Equal(
        """{"Employee":{"Name":"Grace Owens","Date of Birth":"19840202"},"Employment":{"Position":"Analyst, Kent, WA"}}""",
        Payload(
            With(Map("Employee.Name", null, "Name"), Map("Employee.Date of Birth", null, "Birth Date"), Map("Employment.Position", "$1 + \", \" + $2", "Position", "Office")),
            """{"Name":"Grace Owens","Place of birth":"London, TX","Birth Date":"19840202","Position":"Analyst","Office":"Kent, WA"}"""));

    [Theory]
    [InlineData("{\"a\":71.40,\"b\":{\"c\":[1,{\"d\":2}],\"e\":null,\"f\":{}},\"ü\":\"°C\"}")]
    [InlineData("{}")]
    [InlineData("{\"big\":92233720368547758070123456789,\"exp\":1e400}")]
    public void A_wildcard_passes_every_field_with_its_digits(string payload) => Assert.Equal(payload, Payload(With(Map("*", null, "*")), payload));

    [Fact]
    public void A_specific_rule_takes_its_field_from_the_wildcard() => Assert.Equal(
        """{"rpm":1480,"temperature":71.4}""", Payload(With(Map("*", null, "*"), Map("temperature", null, "temp_c")), """{"temp_c":71.4,"rpm":1480}"""));

    [Fact]
    public void A_field_is_calculated_in_its_place() => Assert.Equal(
        """{"rpm":1480,"temperature":212}""", Payload(With(Map("*", null, "*"), Map("temperature", "cToF($1)", "temperature")), """{"temperature":100,"rpm":1480}"""));

    [Fact]
    public void An_empty_output_removes_fields_and_what_is_in_them() => Assert.Equal(
        """{"a":1,"o":{"keep":2}}""", Payload(With(Map("*", null, "*"), Map("", null, "password", "o.secret"), Map("", null, "private")), """{"a":1,"password":"x","o":{"secret":1,"keep":2},"private":{"b":1,"c":{"d":2}}}"""));

    [Fact]
    public void Wildcards_flatten_and_wrap()
    {
        Assert.Equal("""{"T":72.5,"P":14.7,"Line":"3"}""", Payload(With(Map("*", null, "Sensors.*"), Map("*", null, "Meta.*")), """{"Sensors":{"T":72.5,"P":14.7},"Meta":{"Line":"3"}}"""));
        Assert.Equal("""{"Telemetry":{"a":1,"b":{"c":2}}}""", Payload(With(Map("Telemetry.*", null, "*")), """{"a":1,"b":{"c":2}}"""));
    }

    [Fact]
    public void Several_inputs_share_what_the_wildcard_stands_for()
    {
        Assert.Equal(
            """{"C":{"Saturation":0.545,"Opacity":0.895}}""", Payload(With(Map("C.*", "round_n(($1 + $2) / 2, 3)", "*.Max", "*.Min")), Saturation));
        Assert.Equal(
            """{"C":{"Saturation":[0.42,0.67,0.51,0.56],"Opacity":[0.88,0.91,0.89,0.89]}}""", Payload(With(Map("C.*", "($1, $2, $3, $4)", "*.Max", "*.Min", "*.Mid.Avg", "*.Mid.Mean")), Saturation));
        Assert.Equal("{}", Payload(With(Map("C.*", "($1, $2)", "*.Max", "*.Avg")), Saturation));
    }

    [Fact]
    public void A_second_rule_adds_and_a_specialization_replaces()
    {
        Assert.Equal(
            """{"C":{"Saturation":{"Avg":0.55,"Diff":0.25},"Opacity":{"Avg":0.9,"Diff":0.03}}}""",
            Payload(With(Map("C.*.Avg", "round_n(($1 + $2) / 2, 2)", "*.Max", "*.Min"), Map("C.*.Diff", "round_n(abs($1 - $2), 2)", "*.Max", "*.Min")), Saturation));
        Assert.Equal(
            """{"C":{"Saturation":0.55,"OpacityAdjusted":1.56}}""",
            Payload(With(Map("C.*", "round_n(($1 + $2) / 2, 2)", "*.Max", "*.Min"), Map("C.OpacityAdjusted", "round_n(($1 + $2 + 1.32) / 2, 2)", "Opacity.Max", "Opacity.Min")), Saturation));
        Assert.Equal("""{"C":{"Saturation":0.55}}""", Payload(With(Map("C.*", "round_n(($1 + $2) / 2, 2)", "*.Max", "*.Min"), Map("", null, "Opacity.Max", "Opacity.Min")), Saturation));
    }

    [Fact]
    public void Paths_are_quoted_where_names_hold_dots() => Assert.Equal(
        """{"Humidity":5,"x":{"a.b":1},"He said: \"Hello\", and waved":3}""",
        Payload(
            With(Map("Humidity", null, "\"Tag.10\".Value"), Map("x.\"a.b\"", null, "$source.a"), Map("He said: \"Hello\", and waved", null, "$.c")),
            """{"Tag.10":{"Value":5},"a":1,"c":3}"""));

    [Fact]
    public void A_missing_field_leaves_its_output_out() => Assert.Equal(
        """{"c":"fallback"}""",
        Payload(With(Map("a", null, "missing"), Map("b", "$1 + 1", "missing"), Map("c", "if($1 == (), 'fallback', $1)", "missing"), Map("d", "math::sqrt($1)", "minus")), """{"minus":-1}"""));

    [Fact]
    public void Constants_and_whole_objects_can_be_written() => Assert.Equal(
        """{"site":"leipzig","copy":{"a":1,"b":2,"c":3}}""",
        Payload(With(Map("site", "'leipzig'"), Map("copy", null, "o"), Map("copy.b", "2"), Map("copy.c", "3")), """{"o":{"a":1,"b":9}}"""));

    [Fact]
    public void Metadata_is_read_and_written()
    {
        var flow = With(Map("origin", null, "$metadata.topic"), Map("prio", null, "$metadata.user_property.priority"), Map("type", null, "$metadata.system_property.content_type"), Map("$metadata.header.temp", "$1 * 2", "t"),
            Map("$metadata.user_property.priority", "()"), Map("$metadata.user_property.list", null, "l"));
        var message = Json("""{"t":21,"l":[1, 2]}""") with { ContentType = "application/json", Properties = Flow.Mqtt(("priority", "high"), ("unit", "C")).Properties };
        var sent = flow.Translate(message).Message!;
        Assert.Equal("""{"origin":"line3/press-07/telemetry","prio":"high","type":"application/json"}""", Flow.Text(sent.Payload));
        Assert.Equal("Content Type=application/json\nunit=C\ntemp=42\nlist=[1, 2]", Flow.Text(sent.Properties));
    }

    [Fact]
    public void A_payload_that_no_rule_writes_stays_byte_for_byte()
    {
        var sent = With(Map("$metadata.user_property.topic", null, "$metadata.topic")).Translate(Flow.Mqtt() with { Payload = new byte[] { 0xff, 0x00 } }).Message!;
        Assert.Equal(("FF 00", "topic=line3/press-07/telemetry"), (Flow.Text(sent.Payload), Flow.Text(sent.Properties)));
        Assert.Equal("{ \"a\" : 71.40 }", Payload(Filter(("a", "$1 > 1")), "{ \"a\" : 71.40 }"));
    }

    [Theory]
    [InlineData("{\"temp_c\":71.4}", null)]
    [InlineData("{\"temp_c\":-41}", DropReason.Filtered)]
    [InlineData("{}", DropReason.Filtered)]
    [InlineData("{\"temp_c\":null}", DropReason.Filtered)]
    [InlineData("{\"temp_c\":\"hot\"}", DropReason.Untranslatable)]
    [InlineData("{\"temp_c\":", DropReason.Untranslatable)]
    [InlineData("[1]", DropReason.Untranslatable)]
    [InlineData("", DropReason.Untranslatable)]
    [InlineData("\ufeff{\"temp_c\":71.4}", null)]
    public void A_filter_lets_through_what_it_is_true_for(string payload, DropReason? drop)
    {
        var translation = Filter(("temp_c", "$1 > -40")).Translate(Json(payload));
        Assert.Equal(drop, translation.Drop);
        Assert.Equal(drop is not null, translation.Why is not null);
    }

    [Fact]
    public void All_filters_must_be_true_and_metadata_needs_no_json()
    {
        Assert.Null(Filter(("a", "$1 > 1"), ("b", "$1 == 'x'")).Translate(Json("""{"a":2,"b":"x"}""")).Drop);
        Assert.Equal(DropReason.Filtered, Filter(("a", "$1 > 1"), ("b", "$1 == 'x'")).Translate(Json("""{"a":2,"b":"y"}""")).Drop);
        Assert.Null(Filter(("$metadata.topic", "len($1) > 3")).Translate(Flow.Mqtt() with { Payload = new byte[] { 0xff } }).Drop);
        Assert.Equal("Transform rule 1, filter $1: its value is a int, not true or false. Correct the expression or the sender.", Filter(("a", "$1")).Translate(Json("""{"a":2}""")).Why);
    }

    [Theory]
    [InlineData("{\"a\":0}", "Transform rule 2, map a: division by zero. Correct the expression or the sender.")]
    [InlineData("{\"a\":\"x\"}", "Transform rule 2, map a: / needs numbers, not a string. Correct the expression or the sender.")]
    [InlineData("{\"a\":{}}", "Transform rule 2, map a: / needs numbers, not a json. Correct the expression or the sender.")]
    [InlineData("{\"\\ud800\":1}", "The payload is no JSON object, which the transformation needs. Correct the sender, or remove the transformation.")]
    public void What_cannot_be_calculated_is_untranslatable_and_says_why(string payload, string why)
    {
        var translation = With(Map("*", null, "*"), Map("b", "1 / $1", "a")).Translate(Json(payload));
        Assert.Equal((DropReason.Untranslatable, why), (translation.Drop, translation.Why));
    }

    [Fact]
    public void The_content_type_and_the_event_follow_the_output()
    {
        var flow = With(Map("*", null, "*"));
        flow = flow with { Transformation = flow.Transformation! with { SchemaRef = "aio-sr://ns/out:1" } };
        var message = Json("{}") with
        {
            ContentType = "text/plain",
            Properties = Flow.Mqtt(("specversion", "1.0"), ("type", "t"), ("source", "s"), ("id", "i"), ("datacontenttype", "text/plain"), ("dataschema", "old")).Properties,
        };
        Assert.Equal(
            "Content Type=application/json\nce_specversion=1.0\nce_type=t\nce_source=s\nce_id=i\ncontent-type=application/json\nce_dataschema=aio-sr://ns/out:1", flow.Properties(message));
        Assert.StartsWith("Content Type=application/vnd.x+json; v=1\n", flow.Properties(message with { ContentType = "application/vnd.x+json; v=1" }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_inspector_names_the_rule()
    {
        string Rule(Flow flow, string payload = """{"temp_c":1,"rpm":2}""") =>
            flow.Translator.Explain(Json(payload), Flow.Received, Flow.Now).Steps.First(step => step.Input?.Name == "Payload").Rule;
        var filter = new TransformationFilter { Inputs = ["temp_c"], Expression = "$1 > -40" };
        var two = With(Map("*", null, "*"), Map("temperature", null, "temp_c"));
        Assert.Equal("Transform rule 3, map temp_c", Rule(two with { Transformation = two.Transformation! with { Filters = [filter] } }));
        Assert.Equal("Transform rules 1, 2", Rule(With(Map("a", null, "temp_c"), Map("b", null, "rpm"))));
        Assert.Equal("Transform rule 1, pass through", Rule(With(Map("*", null, "*"))));
        Assert.Equal("Transform rule 1, filter $1 > 5", Rule(Filter(("temp_c", "$1 > 5"))));
        Assert.Equal("Payload as received", Rule(Flow.MqttToKafka()));
    }

    [Fact]
    public void A_plan_refuses_what_cannot_run()
    {
        Assert.Contains("Last-known", Assert.Throws<ArgumentException>(() => With(Map("a", null, "a ? $last")).Plan).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => (Flow.MqttToKafka() with { Transformation = new Transformation { Datasets = [new TransformationDataset()] } }).Plan);
    }

    [Fact]
    public void No_payload_throws_and_the_inspector_agrees()
    {
        var flow = With(Map("*", null, "*"), Map("b", "if($1 > 1, $1 / $2, $2)", "a", "c.d"), Map("", null, "secret"), Map("x.*", "$1 + 'm'", "c.*"), Map("$metadata.header.h", null, "a"));
        string[] pieces = ["{", "}", "[", "]", "\"a\"", "\"c\"", "\"d\"", ":", ",", "1", "-0", "1e309", "\"\\ud800\"", "null", "true", "{\"d\":0}", "{\"a\":2,\"c\":{\"d\":1}}", " ", "\0", "ÿ"];
        Gen.Int[0, pieces.Length - 1].Select(at => pieces[at]).Array[0, 8].Select(string.Concat).Sample(
            payload =>
            {
                var sent = flow.Translate(Json(payload));
                var explained = flow.Translator.Explain(Json(payload), Flow.Received, Flow.Now);
                Assert.Equal((sent.Drop, sent.Why), (explained.Result.Drop, explained.Result.Why));
                Assert.Equal(sent.Message is null, sent.Drop is not null);
                if (sent.Message is { } message)
                    Assert.Equal(Flow.Text(message.Payload), explained.Steps.First(step => step.Output?.Name == "Payload").Output!.Text);
            },
            iter: 5_000);
    }
}
