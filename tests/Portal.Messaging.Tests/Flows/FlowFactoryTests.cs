using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Portal.Messaging.Flows;
using Portal.Messaging.Tests.Support;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;

namespace Portal.Messaging.Tests.Flows;

/// <summary>What the validators let pass can be made: a dataflow that cannot run is named before anything is made of it.</summary>
public sealed class FlowFactoryTests
{
    private static readonly Gen<string?> Host = Mostly<string?>(
        "broker:1883", "[::1]:1883", "::1", "broker", "broker:0", "broker:70000", "mqtt://broker:1883", "broker:1883/mqtt", " ", "", null, "a:b:c", "bröker:1883", "line3.westeurope-1.ts.eventgrid.azure.net:8883", "line3.servicebus.windows.net:9093");

    private static readonly Gen<string?> Topic = Mostly<string?>("plant", "a/b", "a/#", "+", "${inputTopic}", "${inputTopic.2}", "${inputTopic.0}", "${other}", "", null, " ", "$share/g/a", new string('x', 300));

    private static readonly Gen<int?> Number = Mostly<int?>(100, null, int.MinValue, -1, 0, 1, 70_000, int.MaxValue);

    private static readonly Gen<DataflowEndpoint> Endpoint = Gen.Select(
        Mostly(1, 2, 0), Host, Number, Mostly<int?>(1, null, 0, 2), Mostly<string?>("line3", "", null), Gen.Bool, (kind, host, number, qos, text, tls) => kind switch
        {
            0 => new DataflowEndpoint { Name = "", OtherType = "LocalStorage" },
            1 => ProbeFixture.Mqtt("", tls).With((MqttSettings settings) => settings with { Host = host!, KeepAliveSeconds = number, MaxInflightMessages = number, SessionExpirySeconds = number, Qos = qos, ClientIdPrefix = text }),
            _ => ProbeFixture.Kafka("", tls).With((KafkaSettings settings) => settings with
            {
                Host = host!,
                ConsumerGroupId = text,
                Batching = new BatchingSettings { LatencyMs = number, MaxBytes = number, MaxMessages = number },
                PartitionStrategy = number is 1 ? PartitionStrategy.Property : null,
            }),
        });

    private static readonly Gen<Transformation?> Rules = Gen.Select(Gen.Int[0, 5], Mostly<string?>("$1 > 3", "$1 >", "", null, "nonsense($1)"), (kind, expression) => kind switch
    {
        0 => new Transformation { Filters = new([new TransformationFilter { Inputs = new(["temp"]), Expression = expression }]) },
        1 => new Transformation { Maps = new([new TransformationMap { Inputs = new(["temp"]), Output = "t", Expression = expression }]) },
        2 => new Transformation { Datasets = new([new TransformationDataset()]) },
        3 => new Transformation { SerializationFormat = SerializationFormat.Parquet },
        4 => new Transformation(),
        _ => null,
    });

    [Fact]
    public async Task A_dataflow_without_errors_can_be_made()
    {
        await using var host = await FlowHost.StartAsync();
        var factory = host.Parts.Services.GetRequiredService<FlowFactory>();
        var made = 0;
        var named = 0;

        Gen.Select(Endpoint, Endpoint, Topic, Topic, Rules, Mostly(1, -1, 0, 3)).Sample(
            (source, destination, from, to, rules, instances) =>
            {
                var dataflow = FlowHost.Flow(from ?? "", to!) with { Transformation = rules };
                var (spec, problem) = FlowFactory.Resolve(dataflow, Listing(source with { Name = "from-here" }, destination with { Name = "to-there" }, new DataflowProfile { Name = "default", InstanceCount = instances }));
                if (spec is null)
                {
                    Assert.NotNull(problem);
                    Interlocked.Increment(ref named);
                    return;
                }

                for (var instance = 0; instance <= spec.Instances; instance++)
                    Assert.NotNull(factory.Create(spec, instance, [], new FlowErrors(TimeProvider.System)));
                Interlocked.Increment(ref made);
            },
            iter: 20_000);

        TestContext.Current.TestOutputHelper?.WriteLine($"{made} made, {named} named");
        Assert.True(made > 500 && named > 500, $"{made} made, {named} named");
    }

    private static StoreListing Listing(params Model.Resource[] resources) =>
        new([.. resources.Select(resource => new StoredResource(resource, "1", DateTimeOffset.UnixEpoch, resource.Name))], []);

    /// <summary>One wrong thing at a time is what gets furthest.</summary>
    private static Gen<T> Mostly<T>(T usual, params T[] others) => Gen.Frequency((6, Gen.Const(usual)), (1, Gen.Int[0, others.Length - 1].Select(at => others[at])));
}
