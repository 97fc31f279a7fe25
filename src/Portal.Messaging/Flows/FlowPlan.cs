using Portal.Model.Dataflows;
using Portal.Model.Endpoints;

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
        StaticHash = unchecked(Fnv1a(dataflow.Name) + (uint)instance);
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

    /// <summary>How partitions of a Kafka destination are chosen; Default for MQTT.</summary>
    public PartitionStrategy PartitionStrategy => (Destination as KafkaSettings)?.PartitionStrategy ?? PartitionStrategy.Default;

    private uint StaticHash { get; }

    /// <summary>
    /// Makes the plan of one instance. The dataflow must be without errors of <see cref="DataflowValidator"/>; an expression or
    /// a topic that cannot be run throws <see cref="ArgumentException"/> with the finding's message.
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

    private static uint Fnv1a(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
            hash = unchecked((hash ^ c) * 16777619u);
        return hash;
    }
}
