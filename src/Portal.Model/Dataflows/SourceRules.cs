using System.Globalization;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Dataflows;

/// <summary>Rules of the source of a dataflow.</summary>
internal static class SourceRules
{
    private const string Share = "$share/";

    public static void Check(DataflowContext context)
    {
        if (context.Dataflow.Source is not { } source)
        {
            context.Error("source-missing", "spec.operations", "The dataflow has no source.", "Add an operation with operationType: Source and sourceSettings.");
            return;
        }
        var path = context.Paths.Source + ".sourceSettings";
        context.CheckLength(source.Name, DataflowValidator.MostName, context.Paths.Source + ".name");
        CheckEndpoint(source, context, path + ".endpointRef");
        CheckTopics(source, context, path + ".dataSources");
        if (source.SerializationFormat is not null and not SerializationFormat.Json)
            context.Error("format-unsupported", path + ".serializationFormat", $"The format {source.SerializationFormat} is not one of a source.", "Write Json, or remove the member.");
        if (context.Dataflow.RequestDiskPersistence is OperationalMode.Enabled)
            context.Add(context.Source?.Kafka is null
                ? Finding.Info("disk-persistence", "spec.requestDiskPersistence", "Only the broker of Azure IoT Operations knows this request; other brokers keep messages as their own settings say.")
                : Finding.Warning("disk-persistence", "spec.requestDiskPersistence", "The source is Kafka, which keeps its messages anyway: the request has no effect.", "Remove the member."));
    }

    private static void CheckEndpoint(DataflowSource source, DataflowContext context, string path)
    {
        if (string.IsNullOrEmpty(source.EndpointRef))
            context.Error("required", path, "The source names no endpoint.", "Write the name of an MQTT or Kafka endpoint, for example default.");
        else if (context.Source is not { } endpoint)
            context.Error("endpoint-missing", path, $"There is no endpoint named '{source.EndpointRef}'.", "Write the name of an endpoint that exists, or create it first.");
        else if (endpoint.Settings is null)
            context.Error("source-type", path, $"'{endpoint.Name}' is of type {endpoint.EndpointType}, which cannot be a source.", "Choose an MQTT or Kafka endpoint.");
        else if (endpoint.Kafka is { } kafka && string.IsNullOrWhiteSpace(kafka.ConsumerGroupId))
            context.Error("consumer-group-missing", path, DataflowValidator.ConsumerGroupMissing, $"Set Consumer group ID of the endpoint '{endpoint.Name}', for example portal-{context.Dataflow.Name}.");
        else if (context.Instances > 1 && EndpointKind.Of(endpoint) == EndpointKind.EventGrid)
            context.Add(Finding.Error(
                "event-grid-instances", path,
                string.Create(CultureInfo.InvariantCulture, $"The profile '{context.Dataflow.Profile}' runs {context.Instances} instances, which share a subscription, and Event Grid has no shared subscriptions: each instance would receive every message."),
                "Choose a profile with instanceCount 1, or another source.") with
            {
                AsOf = Facts.SchemaDate,
                Source = Facts.EventGridMqtt,
            });
    }

    private static void CheckTopics(DataflowSource source, DataflowContext context, string path)
    {
        if (source.DataSources.Count == 0)
            context.Error("required", path, "The source names no topic.", context.Source?.Kafka is null ? "Write a topic filter, for example line3/+/telemetry." : "Write a Kafka topic, for example line3-telemetry.");
        for (var at = 0; at < source.DataSources.Count; at++)
        {
            var (topic, place) = (source.DataSources[at], string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]"));
            if ((context.Source?.Kafka is null ? TopicRules.FilterProblem(topic) : TopicRules.KafkaProblem(topic)) is { } problem)
                context.Error("topic", place, problem);
            else if (context.Source?.Kafka is null && topic.StartsWith(Share, StringComparison.Ordinal))
                CheckShared(topic, context, place);
            if (source.DataSources.Take(at).Contains(topic))
                context.Add(Finding.Warning("topic-twice", place, $"'{topic}' is listed twice.", "Remove one of them."));
        }
    }

    private static void CheckShared(string filter, DataflowContext context, string place)
    {
        if (filter.Split('/', 3) is not [_, { Length: > 0 }, { Length: > 0 }])
            context.Error("topic", place, "A shared subscription has a group and a filter.", "Write for example $share/line3/line3/#.");
        else if (context.Source is { } endpoint && EndpointKind.Of(endpoint) == EndpointKind.EventGrid)
            context.Error("event-grid-shared", place, "Event Grid has no shared subscriptions.", $"Write {filter.Split('/', 3)[2]}.");
        else if (context.Instances > 1)
            context.Error("shared-twice", place, "The profile has several instances, which share the subscription already.", $"Write {filter.Split('/', 3)[2]}.");
    }
}
