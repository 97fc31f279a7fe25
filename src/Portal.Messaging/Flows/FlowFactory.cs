using Microsoft.Extensions.Logging;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Preview;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Messaging.Flows;

/// <summary>Makes the instances of a dataflow.</summary>
internal sealed class FlowFactory(
    MqttConnector mqtt, KafkaConnector kafka, PreviewDiagnosis diagnosis, FlowShare share, FlowLimits limits, TimeProvider time, ILogger<FlowPump> logger)
{
    /// <summary>The instances that this process runs.</summary>
    public FlowShare Share => share;

    /// <summary>What a dataflow needs to run, or why it cannot.</summary>
    public static (FlowSpec? Spec, Problem? Problem) Resolve(Dataflow dataflow, StoreListing listing)
    {
        var endpoints = listing.Of(Model.ResourceKind.DataflowEndpoint).Select(stored => (DataflowEndpoint)stored.Value).ToList();
        var profiles = listing.Of(Model.ResourceKind.DataflowProfile).Select(stored => (DataflowProfile)stored.Value).ToList();
        if (DataflowValidator.Validate(dataflow, endpoints, profiles).FirstOrDefault(finding => finding.Severity is Severity.Error) is { } error)
            return (null, ProblemOf(error));
        // Without an error there both endpoints exist, are of a kind that runs, and read and write as the profile wants.
        var source = endpoints.First(endpoint => endpoint.Name == dataflow.Source!.EndpointRef);
        var destination = endpoints.First(endpoint => endpoint.Name == dataflow.Destination!.EndpointRef);
        foreach (var endpoint in new[] { source, destination })
            if (EndpointValidator.Validate(endpoint, EndpointKind.Of(endpoint)!).FirstOrDefault(finding => finding.Severity is Severity.Error) is { } wrong)
                return (null, ProblemOf(wrong) with { Explanation = $"The endpoint '{endpoint.Name}' is not valid: {wrong.Message}" });
        var instances = profiles.First(profile => profile.Name == dataflow.Profile).Instances;
        return (new FlowSpec(dataflow, source, destination, instances), null);
    }

    /// <summary>One instance, not started.</summary>
    /// <param name="earlier">Filters that the session of an earlier run may still hold.</param>
    /// <exception cref="ArgumentException">The dataflow cannot be run; the message says why.</exception>
    public FlowPump Create(FlowSpec spec, int instance, IReadOnlyList<string> earlier, FlowErrors errors)
    {
        var plan = FlowPlan.Create(spec.Dataflow, spec.Source, spec.Destination, instance);
        var parts = new FlowParts(
            spec.Dataflow.Name, instance, WindowOf(spec.Source), new MessageTranslator(plan), TracerOf(spec, instance), SourceOf(spec, instance, earlier), SinkOf(spec, instance, plan), Looker(spec));
        return new FlowPump(parts, limits, errors, time, logger);
    }

    private FlowTracer TracerOf(FlowSpec spec, int instance) =>
        new(spec.Dataflow.Name, instance, spec.Source.Settings!.Wire, spec.Destination.Settings!.Wire, spec.Source.Kafka?.ConsumerGroupId, time);

    // One more than the broker may send: so a broker that keeps to it never makes the session stop reading.
    private int WindowOf(DataflowEndpoint source) => source.Mqtt is null
        ? limits.KafkaWindow
        : mqtt.SettingsOf(source, ClientRole.Preview()).ReceiveMaximum + 1;

    private IFlowSource SourceOf(FlowSpec spec, int instance, IReadOnlyList<string> earlier)
    {
        var name = spec.Dataflow.Name;
        IReadOnlyList<string> topics = [.. spec.Dataflow.Source!.DataSources];
        return spec.Source.Mqtt is not null
            ? new MqttFlowSource(spec.Source, name, instance, spec.Instances, topics, earlier, mqtt, time)
            : new KafkaFlowSource(spec.Source, ClientRole.Flow(name, instance), topics, kafka, limits, time);
    }

    private IFlowSink SinkOf(FlowSpec spec, int instance, FlowPlan plan)
    {
        var role = ClientRole.Flow(spec.Dataflow.Name, instance);
        // On one broker two clients with the same identifier would throw each other out.
        if (spec.Source.Mqtt is not null)
            role = role with { Name = role.Name + "-out" };
        return spec.Destination.Mqtt is not null
            ? new MqttFlowSink(spec.Destination, role, mqtt)
            : new KafkaFlowSink(spec.Destination, role, plan, kafka, time);
    }

    // Once for each cause in a row, so that a flow that fails for hours tests nothing for hours.
    private Func<FlowSide, Problem, CancellationToken, Task<Problem>> Looker(FlowSpec spec)
    {
        var looked = new Dictionary<FlowSide, (string Cause, Problem Closer)>();
        return async (side, problem, cancellationToken) =>
        {
            lock (looked)
                if (looked.TryGetValue(side, out var known) && known.Cause == problem.Cause)
                    return known.Closer;
            var closer = await diagnosis.LookCloserAsync(side is FlowSide.Source ? spec.Source : spec.Destination, problem, cancellationToken);
            lock (looked)
                looked[side] = (problem.Cause, closer);
            return closer;
        };
    }

    private static Problem ProblemOf(Finding finding) => new(finding.Code, finding.Message, finding.Fix ?? "");
}
