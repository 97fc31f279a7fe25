using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Tests.Dataflows;

public sealed class DataflowValidatorTests
{
    private static readonly DataflowEndpoint[] Endpoints =
    [
        new() { Name = "default", Settings = new MqttSettings { Host = "aio-broker:18883" } },
        new() { Name = "plant", Settings = new MqttSettings { Host = "broker.example:8883" } },
        new() { Name = "grid", Settings = new MqttSettings { Host = "ns.westeurope-1.ts.eventgrid.azure.net:8883" } },
        new() { Name = "grid-never", Settings = new MqttSettings { Host = "ns.westeurope-1.ts.eventgrid.azure.net:8883", Retain = RetainPolicy.Never } },
        new() { Name = "kafka", Settings = new KafkaSettings { Host = "kafka.example:9092", ConsumerGroupId = "portal" } },
        new() { Name = "no-group", Settings = new KafkaSettings { Host = "kafka.example:9092" } },
        new() { Name = "adx", OtherType = "DataExplorer" },
    ];

    private static readonly DataflowProfile[] Profiles = [new() { Name = "default", InstanceCount = 1 }, new() { Name = "many", InstanceCount = 3 }];

    private static Dataflow Flow(string from = "default", string to = "kafka", string topic = "out", params string[] sources) => new()
    {
        Name = "press-telemetry",
        Source = new DataflowSource { EndpointRef = from, DataSources = [.. sources.Length > 0 ? sources : ["in"]] },
        Destination = new DataflowDestination { EndpointRef = to, DataDestination = topic },
    };

    private static Transformation Maps(string output, string? expression, params string[] inputs) => new() { Maps = [new TransformationMap { Inputs = [.. inputs], Output = output, Expression = expression }] };

    private static IReadOnlyList<Finding> Errors(Dataflow flow) => [.. DataflowValidator.Validate(flow, Endpoints, Profiles).Where(finding => finding.Severity is Severity.Error)];

    private static void Refused(Dataflow flow, string code, string path)
    {
        var error = Assert.Single(Errors(flow));
        Assert.Equal((code, path), (error.Code, error.Path));
        Assert.NotEmpty(error.Message);
        Assert.NotEmpty(error.Fix!);
    }

    [Theory]
    [InlineData("default", "kafka", "out")]
    [InlineData("kafka", "default", "out/${inputTopic}")]
    [InlineData("default", "plant", "x/${inputTopic.2}")]
    [InlineData("kafka", "no-group", "out")]
    [InlineData("default", "default", "other")]
    public void All_four_pairs_are_valid(string from, string to, string topic) => Assert.Empty(Errors(Flow(from, to, topic)));

    [Fact]
    public void Every_problem_is_said_at_once() => Assert.Equal(
        ["name-length", "profile-missing", "source-missing", "destination-missing"],
        Errors(new Dataflow { Name = "x", ProfileRef = "nowhere" }).Select(error => error.Code));

    [Fact]
    public void The_missing_consumer_group_has_one_wording()
    {
        var flow = Flow("no-group", "default");
        Refused(flow, "consumer-group-missing", "spec.operations[0].sourceSettings.endpointRef");
        Assert.Equal("Kafka type source endpoints must have a consumerGroupId defined", Errors(flow)[0].Message);
        Assert.Equal("Kafka type source endpoints must have a consumerGroupId defined", Assert.Single(EndpointValidator.Validate(Endpoints[5], dataflows: [flow]), finding => finding.Code == "consumer-group-missing").Message);
    }

    [Theory]
    [InlineData("nowhere", "kafka", "endpoint-missing", "spec.operations[0].sourceSettings.endpointRef")]
    [InlineData("default", "nowhere", "endpoint-missing", "spec.operations[1].destinationSettings.endpointRef")]
    [InlineData("", "kafka", "required", "spec.operations[0].sourceSettings.endpointRef")]
    [InlineData("adx", "kafka", "source-type", "spec.operations[0].sourceSettings.endpointRef")]
    [InlineData("default", "adx", "destination-type", "spec.operations[1].destinationSettings.endpointRef")]
    public void Endpoints_must_be_there_and_fit(string from, string to, string code, string path) => Refused(Flow(from, to), code, path);

    [Fact]
    public void A_destination_of_another_type_is_kept_but_not_run()
    {
        Assert.Empty(Errors(Flow(to: "adx") with { Mode = OperationalMode.Disabled }));
        Assert.Contains(DataflowValidator.Validate(Flow(to: "adx"), Endpoints, Profiles, DataflowTarget.Kubernetes), finding => finding is { Code: "destination-type", Severity: Severity.Warning });
    }

    [Theory]
    [InlineData("default", "a/#/b")]
    [InlineData("default", "a+")]
    [InlineData("default", "")]
    [InlineData("kafka", "a/#")]
    [InlineData("kafka", "a/b")]
    [InlineData("kafka", "${inputTopic}")]
    public void Source_topics_follow_their_protocol(string from, string topic) => Refused(Flow(from, "default", "out", topic), "topic", "spec.operations[0].sourceSettings.dataSources[0]");

    [Theory]
    [InlineData("default", "kafka", "a/b", "topic")]
    [InlineData("default", "kafka", "${inputTopic}", "topic")]
    [InlineData("default", "kafka", "a#", "topic")]
    [InlineData("default", "kafka", "", "required")]
    [InlineData("default", "plant", "a/+", "topic")]
    [InlineData("default", "plant", "a/#", "topic")]
    [InlineData("default", "plant", "${outputTopic}", "topic")]
    [InlineData("default", "plant", "x/${inputTopic.0}", "topic")]
    [InlineData("default", "plant", "", "required")]
    [InlineData("default", "plant", "a\tb", "topic")]
    [InlineData("kafka", "plant", "x/${inputTopic.2}", "topic-segment")]
    public void Destination_topics_follow_their_protocol(string from, string to, string topic, string code) => Refused(Flow(from, to, topic), code, "spec.operations[1].destinationSettings.dataDestination");

    [Fact]
    public void Event_grid_is_not_shared_between_instances()
    {
        Assert.Empty(Errors(Flow("grid")));
        var flow = Flow("grid") with { ProfileRef = "many" };
        Refused(flow, "event-grid-instances", "spec.operations[0].sourceSettings.endpointRef");
        Assert.Contains("3 instances", Errors(flow)[0].Message, StringComparison.Ordinal);
        Assert.NotNull(Errors(flow)[0].Source);
        Assert.Empty(Errors(Flow("default") with { ProfileRef = "many" }));
        Refused(Flow("default", sources: "$share/g/a") with { ProfileRef = "many" }, "shared-twice", "spec.operations[0].sourceSettings.dataSources[0]");
    }

    [Fact]
    public void Event_grid_as_destination_with_retain_is_advice_with_its_date()
    {
        var advice = Assert.Single(DataflowValidator.Validate(Flow("default", "grid", "out"), Endpoints, Profiles), finding => finding.Code == "event-grid-retain");
        Assert.Equal(Severity.Warning, advice.Severity);
        Assert.NotNull(advice.AsOf);
        Assert.NotNull(advice.Source);
        Assert.Empty(DataflowValidator.Validate(Flow("default", "grid-never", "out"), Endpoints, Profiles));
        Assert.Empty(DataflowValidator.Validate(Flow("kafka", "grid", "out"), Endpoints, Profiles));
    }

    [Fact]
    public void The_rule_of_the_local_broker_is_advice_where_azure_runs_the_flow()
    {
        var flow = Flow("plant");
        Assert.Empty(DataflowValidator.Validate(flow, Endpoints, Profiles));
        foreach (var target in new[] { DataflowTarget.Kubernetes, DataflowTarget.Azure })
        {
            Assert.Equal(("local-broker", Severity.Warning), DataflowValidator.Validate(flow, Endpoints, Profiles, target).Select(finding => (finding.Code, finding.Severity)).Single());
            Assert.Empty(DataflowValidator.Validate(Flow("default"), Endpoints, Profiles, target));
        }
    }

    [Theory]
    [InlineData("b", "1 +", "expression-syntax", ".expression", "a")]
    [InlineData("b", "$2", "expression-input", ".expression", "a")]
    [InlineData("b", "nope($1)", "expression-function", ".expression", "a")]
    [InlineData("b", "str::regex_matches($1, 'x')", "expression-unsupported", ".expression", "a")]
    [InlineData("b", null, "path-unsupported", ".inputs[0]", "a ? $last")]
    [InlineData("b", null, "path-unsupported", ".inputs[0]", "a ?$LAST ?? 0")]
    [InlineData("b", null, "path-unsupported", ".inputs[0]", "a ?? 0")]
    [InlineData("b", null, "path-unsupported", ".inputs[0]", "$context(position).a")]
    [InlineData("b", null, "path-unsupported", ".inputs[0]", "$metadata.qos")]
    [InlineData("b", null, "path-metadata", ".inputs[0]", "$metadata.user_property.")]
    [InlineData("b", null, "path-syntax", ".inputs[0]", "a..b")]
    [InlineData("b", null, "path-syntax", ".inputs[0]", "\"a\"x.b")]
    [InlineData("b.*", null, "path-wildcard", ".inputs[0]", "*.a.*")]
    [InlineData("b.*", null, "path-wildcard", ".inputs[0]", "part*.a")]
    [InlineData("b", null, "path-wildcard", ".output", "*")]
    [InlineData("*", null, "path-wildcard", ".output", "a")]
    [InlineData("b", null, "expression-required", ".expression", "a", "c")]
    [InlineData("", "$1", "removal-expression", ".expression", "a")]
    [InlineData("$metadata.topic", null, "path-unsupported", ".output", "a")]
    public void A_rule_that_cannot_run_is_refused_with_its_place(string output, string? expression, string code, string place, params string[] inputs) =>
        Refused(Flow() with { Transformation = Maps(output, expression, inputs) }, code, "spec.operations[1].builtInTransformationSettings.map[0]" + place);

    [Fact]
    public void What_a_transformation_cannot_be_is_refused()
    {
        const string path = "spec.operations[1].builtInTransformationSettings";
        Refused(Flow() with { Transformation = new Transformation { Datasets = [new TransformationDataset { Key = "position" }] } }, "dataset-unsupported", path + ".datasets[0]");
        Refused(Flow() with { Transformation = new Transformation { SerializationFormat = SerializationFormat.Parquet } }, "format-unsupported", path + ".serializationFormat");
        Refused(Flow() with { Transformation = new Transformation { Filters = [new TransformationFilter { Inputs = ["a"] }] } }, "required", path + ".filter[0].expression");
        Refused(Flow() with { Transformation = new Transformation { Filters = [new TransformationFilter { Inputs = ["*"], Expression = "$1 > 1" }] } }, "path-wildcard", path + ".filter[0].inputs[0]");
        Refused(Flow() with { Transformation = Maps("b", null, "a") with { Name = new string('n', 65) } }, "too-long", "spec.operations[1].name");
        Assert.Contains("At character 3:", Errors(Flow() with { Transformation = Maps("b", "1 = 1", "a") })[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_comes_with_what_it_means()
    {
        var flow = Flow() with { Transformation = new Transformation { Filters = [new TransformationFilter { Inputs = ["a"], Expression = "$1 > 1" }] } };
        Assert.Equal(("filter-meaning", Severity.Info), DataflowValidator.Validate(flow, Endpoints, Profiles).Select(finding => (finding.Code, finding.Severity)).Single());
    }

    [Fact]
    public void Headers_need_what_their_action_needs()
    {
        var flow = Flow();
        flow = flow with { Destination = flow.Destination! with { Headers = [new DestinationHeader(), new DestinationHeader { Action = HeaderAction.AddOrReplace, Key = "a" }, new DestinationHeader { Action = HeaderAction.Remove, Key = "a" }] } };
        Assert.Equal(
            ["headers[0].actionType", "headers[0].key", "headers[1].value"],
            Errors(flow).Select(error => error.Path["spec.operations[1].destinationSettings.".Length..]));
    }

    /// <summary>A broker may end the connection for one, each time the flow comes again.</summary>
    [Fact]
    public void Control_characters_in_headers_are_refused_for_mqtt_alone()
    {
        var headers = new DestinationHeader[] { new() { Action = HeaderAction.AddOrReplace, Key = "site", Value = "a\nb" } };
        var flow = Flow("default", "plant", "out");
        Refused(flow with { Destination = flow.Destination! with { Headers = [.. headers] } }, "header", "spec.operations[1].destinationSettings.headers[0].value");
        flow = Flow("default", "kafka", "out");
        Assert.Empty(Errors(flow with { Destination = flow.Destination! with { Headers = [.. headers] } }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(21)]
    [InlineData(-1)]
    public void A_profile_has_1_to_20_instances(long count)
    {
        Assert.Equal("out-of-range", Assert.Single(DataflowValidator.Validate(new DataflowProfile { Name = "line3", InstanceCount = count })).Code);
        Assert.Empty(DataflowValidator.Validate(new DataflowProfile { Name = "line3", InstanceCount = 20 }));
        Assert.Empty(DataflowValidator.Validate(new DataflowProfile { Name = "line3" }));
    }

    [Fact]
    public void A_loop_and_a_useless_request_are_advice()
    {
        Assert.Equal("loop", Assert.Single(DataflowValidator.Validate(Flow("default", "default", "in"), Endpoints, Profiles)).Code);
        Assert.Equal("disk-persistence", Assert.Single(DataflowValidator.Validate(Flow("kafka", "default") with { RequestDiskPersistence = OperationalMode.Enabled }, Endpoints, Profiles)).Code);
    }
}
