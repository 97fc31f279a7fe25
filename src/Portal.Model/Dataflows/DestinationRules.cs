using System.Globalization;
using System.Text;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Dataflows;

/// <summary>Rules of the destination of a dataflow.</summary>
internal static class DestinationRules
{
    public static void Check(DataflowContext context)
    {
        if (context.Dataflow.Destination is not { } destination)
        {
            context.Error("destination-missing", "spec.operations", "The dataflow has no destination.", "Add an operation with operationType: Destination and destinationSettings.");
            return;
        }
        var path = context.Paths.Destination + ".destinationSettings";
        context.CheckLength(destination.Name, DataflowValidator.MostName, context.Paths.Destination + ".name");
        if (string.IsNullOrEmpty(destination.EndpointRef))
            context.Error("required", path + ".endpointRef", "The destination names no endpoint.", "Write the name of an MQTT or Kafka endpoint.");
        else if (context.Destination is not { } endpoint)
            context.Error("endpoint-missing", path + ".endpointRef", $"There is no endpoint named '{destination.EndpointRef}'.", "Write the name of an endpoint that exists, or create it first.");
        else if (endpoint.Settings is null)
            CheckOtherType(endpoint, context, path + ".endpointRef");
        CheckTopic(destination, context, path + ".dataDestination");
        for (var at = 0; at < destination.Headers.Count; at++)
            CheckHeader(destination.Headers[at], context, string.Create(CultureInfo.InvariantCulture, $"{path}.headers[{at}]"));
    }

    /// <summary>A type that the vendor's runtime writes and ours does not: it is kept, and not started here.</summary>
    private static void CheckOtherType(DataflowEndpoint endpoint, DataflowContext context, string path)
    {
        var message = $"'{endpoint.Name}' is of type {endpoint.EndpointType}, which this portal does not write to.";
        if (context.Target is DataflowTarget.Files && context.Dataflow.IsEnabled)
            context.Error("destination-type", path, message, "Choose an MQTT or Kafka endpoint, or keep the dataflow with mode: Disabled.");
        else
            context.Add(Finding.Warning("destination-type", path, message, "Only Azure IoT Operations runs this dataflow."));
        if (endpoint.OtherType is "DataExplorer" or "DataLakeStorage" or "FabricOneLake" or "LocalStorage" && string.IsNullOrEmpty(context.Dataflow.Transformation?.SchemaRef))
            context.Add(Finding.Warning("schema-missing", context.Paths.Transformation, $"A destination of type {endpoint.EndpointType} needs a schema of its output.", "Write schemaRef in builtInTransformationSettings."));
    }

    private static void CheckTopic(DataflowDestination destination, DataflowContext context, string path)
    {
        var topic = destination.DataDestination ?? "";
        if (context.Destination is { Settings: null } && topic.Length > 0)
            return;
        var problem = context.Destination?.Kafka is null ? TopicRules.DestinationProblem(topic) : TopicRules.KafkaProblem(topic);
        if (problem is not null)
            context.Error(topic.Length == 0 ? "required" : "topic", path, problem);
        else if (context.Source?.Kafka is not null && TopicTemplate.Parse(topic).Parts.FirstOrDefault(part => part.Segment > 1) is { Segment: > 1 } part)
            context.Error(
                "topic-segment", path, string.Create(CultureInfo.InvariantCulture, $"The source is Kafka, whose topics have one segment: ${{inputTopic.{part.Segment}}} never exists and every message would be dropped."),
                "Write ${inputTopic}, or a static topic.");
    }

    private static void CheckHeader(DestinationHeader header, DataflowContext context, string path)
    {
        if (header.Action is null)
            context.Error("required", path + ".actionType", "The header has no actionType.", $"Write one of {string.Join(", ", Enum.GetNames<HeaderAction>())}.");
        if (string.IsNullOrEmpty(header.Key))
            context.Error("required", path + ".key", "The header has no key.", "Write its name.");
        if (header.Value is null && header.Action is HeaderAction.AddIfNotPresent or HeaderAction.AddOrReplace)
            context.Error("required", path + ".value", "The header has no value.", "Write its value; an empty text is one.");
        foreach (var (member, text) in new[] { ("key", header.Key), ("value", header.Value) })
            if (context.Destination?.Mqtt is not null && text is not null && (Encoding.UTF8.GetByteCount(text) > ushort.MaxValue || MqttText.HasControl(text)))
                context.Error("header", $"{path}.{member}", "MQTT takes texts of at most 65,535 bytes, and a broker may end the connection for a control character.", "Write a shorter text, on one line and without control characters.");
    }
}

/// <summary>Rules that look at both ends of a dataflow.</summary>
internal static class PairRules
{
    public static void Check(DataflowContext context)
    {
        if (context is not { Dataflow: { Source: { } source, Destination: { } destination }, Source: { } from, Destination: { } to })
            return;
        if (from.Mqtt is not null && to.Mqtt is { Retain: not RetainPolicy.Never } && EndpointKind.Of(to) == EndpointKind.EventGrid)
            context.Add(Finding.Warning(
                "event-grid-retain", context.Paths.Destination + ".destinationSettings.endpointRef", $"'{to.Name}' keeps the retain flag, and Event Grid may reject such messages in namespaces without Retain.",
                $"Set Retain of the endpoint '{to.Name}' to Never.") with
            {
                AsOf = Facts.SchemaDate,
                Source = Facts.EventGridMqtt,
            });
        if (from.Name == to.Name && destination.DataDestination is { } topic && source.DataSources.Contains(topic) && TopicTemplate.Parse(topic).IsStatic)
            context.Add(Finding.Warning("loop", context.Paths.Destination + ".destinationSettings.dataDestination", $"'{topic}' is read from the same endpoint: every message would come back without end.", "Write to another topic."));
        if (context.Target is not DataflowTarget.Files && !IsLocal(from) && !IsLocal(to))
            context.Add(Finding.Warning(
                "local-broker", context.Paths.Source + ".sourceSettings.endpointRef", "Neither end is the local broker (aio-broker): the Azure CLI refuses such a dataflow.",
                "Let one end be the endpoint of the local broker where Azure IoT Operations runs the dataflow.") with
            {
                AsOf = Facts.SchemaDate,
                Source = Facts.DataflowCreate,
            });
    }

    private static bool IsLocal(DataflowEndpoint endpoint) =>
        endpoint.Mqtt is { } mqtt && (mqtt.Host is null || mqtt.Host.Contains("aio-broker", StringComparison.OrdinalIgnoreCase));
}
