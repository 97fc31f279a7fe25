using System.Text;
using Portal.Model.Dataflows;
using Portal.Model.Dataflows.Expressions;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Messaging.Flows;

/// <summary>Everything about a dataflow that translating a message needs, made once for each instance that runs it.</summary>
public sealed class FlowPlan
{
    private FlowPlan(Dataflow dataflow, DataflowEndpoint source, DataflowEndpoint destination, int instance)
    {
        Dataflow = dataflow;
        Source = source.Settings!;
        Destination = destination.Settings!;
        DestinationName = destination.Name;
        Topic = dataflow.Destination!.DataDestination!;
        FromKafka = Source.Wire is Wire.Kafka;
        ToKafka = Destination.Wire is Wire.Kafka;
        CloudEvents = Destination.CloudEventAttributes ?? CloudEventAttributes.Propagate;
        CloudEventSource = "aio://" + destination.Name;
        OutputSchema = string.IsNullOrEmpty(dataflow.Transformation?.SchemaRef) ? null : dataflow.Transformation.SchemaRef;
        TopicOf = new DestinationTopic(Topic);
        Transform = TransformOf(dataflow.Transformation);
        Headers = [.. dataflow.Destination.Headers.Select(header => (
            header.Action ?? HeaderAction.AddIfNotPresent,
            new MessageProperty(header.Key ?? "", header.Value is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(header.Value))))];
        StaticHash = unchecked(Fnv1a(dataflow.Name) + (uint)instance);
        if (Destination is KafkaSettings kafka)
        {
            PartitionStrategy = kafka.PartitionStrategy ?? PartitionStrategy.Default;
            PartitionKeyProperty = string.IsNullOrEmpty(kafka.PartitionKeyProperty) ? null : kafka.PartitionKeyProperty;
            CopiesProperties = kafka.CopyMqttProperties is not OperationalMode.Disabled;
        }
        if (Destination is MqttSettings mqtt)
        {
            Qos = (int)(mqtt.Qos ?? 1);
            KeepsRetain = !FromKafka && mqtt.Retain is not RetainPolicy.Never;
        }
    }

    public Dataflow Dataflow { get; }

    /// <summary>Settings of the endpoint that is read.</summary>
    public BrokerSettings Source { get; }

    /// <summary>Settings of the endpoint that is written.</summary>
    public BrokerSettings Destination { get; }

    /// <summary>Name of the endpoint that is written: the target name of generated CloudEvents.</summary>
    public string DestinationName { get; }

    /// <summary>Destination topic as configured.</summary>
    public string Topic { get; }

    /// <summary>Whether the source is Kafka; else it is MQTT.</summary>
    public bool FromKafka { get; }

    /// <summary>Whether the destination is Kafka; else it is MQTT.</summary>
    public bool ToKafka { get; }

    /// <summary>How partitions of a Kafka destination are chosen; Default for MQTT.</summary>
    public PartitionStrategy PartitionStrategy { get; }

    /// <summary>User property or header whose value is the key with strategy Property; null = none is set.</summary>
    public string? PartitionKeyProperty { get; }

    /// <summary>Whether MQTT properties become Kafka headers.</summary>
    public bool CopiesProperties { get; }

    /// <summary>QoS of messages sent to MQTT.</summary>
    public int Qos { get; }

    /// <summary>Whether the retain flag goes on.</summary>
    public bool KeepsRetain { get; }

    internal CloudEventAttributes CloudEvents { get; }

    internal string CloudEventSource { get; }

    internal string? OutputSchema { get; }

    internal DestinationTopic TopicOf { get; }

    /// <summary>Rules to run; null = the payload passes as it is.</summary>
    internal FlowTransform? Transform { get; }

    internal IReadOnlyList<(HeaderAction Action, MessageProperty Header)> Headers { get; }

    private uint StaticHash { get; }

    /// <summary>
    /// Makes the plan of one instance. The dataflow must be without errors of <see cref="DataflowValidator"/>; what cannot be
    /// run throws <see cref="ArgumentException"/> with the finding's message.
    /// </summary>
    /// <param name="dataflow">The dataflow.</param>
    /// <param name="source">Its source endpoint, MQTT or Kafka.</param>
    /// <param name="destination">Its destination endpoint, MQTT or Kafka.</param>
    /// <param name="instance">Number of the instance, from 0.</param>
    public static FlowPlan Create(Dataflow dataflow, DataflowEndpoint source, DataflowEndpoint destination, int instance)
    {
        foreach (var endpoint in new[] { source, destination })
            if (endpoint.Settings is null)
                throw new ArgumentException($"'{endpoint.Name}' is of type {endpoint.EndpointType}, which this portal does not run.");
        if (string.IsNullOrEmpty(dataflow.Destination?.DataDestination))
            throw new ArgumentException($"The dataflow '{dataflow.Name}' has no destination topic.");
        return new FlowPlan(dataflow, source, destination, instance);
    }

    /// <summary>
    /// The partition that this instance always sends to with strategy Static: the same over restarts, another for each instance
    /// while there are enough partitions; null with every other strategy.
    /// </summary>
    /// <param name="partitions">How many partitions the topic has.</param>
    public int? StaticPartition(int partitions) =>
        PartitionStrategy is PartitionStrategy.Static && partitions > 0 ? (int)(StaticHash % (uint)partitions) : null;

    private static FlowTransform? TransformOf(Transformation? transformation)
    {
        if (transformation is null || transformation.IsEmpty)
            return null;
        if (transformation.Datasets.Count > 0)
            throw new ArgumentException("Datasets are not supported.");
        var findings = new List<Finding>();
        var rules = TransformationRules.Compile(transformation, "spec.operations.builtInTransformationSettings", findings);
        return findings.Find(finding => finding.Severity is Severity.Error) is { } wrong ? throw new ArgumentException(wrong.Message) : new FlowTransform(rules);
    }

    private static uint Fnv1a(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 16777619u);
        return hash;
    }
}
