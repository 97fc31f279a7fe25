using Portal.Model.Dataflows;
using Portal.Model.Endpoints;

namespace Portal.Model.Validation;

/// <summary>Dates and pages that advice refers to.</summary>
internal static class Facts
{
    public static readonly DateOnly SchemaDate = new(2026, 11, 22);

    public static readonly Uri KafkaPage = new("https://learn.microsoft.com/azure/iot-operations/connect-to-cloud/howto-configure-kafka-endpoint");
    public static readonly Uri MqttPage = new("https://learn.microsoft.com/azure/iot-operations/connect-to-cloud/howto-configure-mqtt-endpoint");
    public static readonly Uri EventHubsKafka = new("https://learn.microsoft.com/azure/event-hubs/azure-event-hubs-apache-kafka-overview");
    public static readonly Uri EventGridMqtt = new("https://learn.microsoft.com/azure/event-grid/mqtt-support");
    public static readonly Uri DataflowFilter = new("https://learn.microsoft.com/azure/iot-operations/connect-to-cloud/howto-dataflow-filter");
    public static readonly Uri DataflowCreate = new("https://learn.microsoft.com/azure/iot-operations/connect-to-cloud/howto-create-dataflow");
    public static readonly Uri EventGridSessions = new("https://learn.microsoft.com/azure/event-grid/mqtt-client-life-cycle-events");
}

/// <summary>Rules of Kafka settings that look at more than one field or at the service.</summary>
internal static class KafkaRules
{
    public static Finding? CheckCompression(DataflowEndpoint endpoint, EndpointKind kind)
    {
        const string path = "spec.kafkaSettings.compression";
        if (kind != EndpointKind.EventHubs)
            return null;
        return endpoint.Kafka!.Compression switch
        {
            KafkaCompression.Snappy or KafkaCompression.Lz4 => Finding.Error("event-hubs-compression", path, $"Event Hubs does not take {endpoint.Kafka.Compression}.", "Choose None, or Gzip in the premium and dedicated tiers.") with { AsOf = Facts.SchemaDate, Source = Facts.EventHubsKafka },
            KafkaCompression.Gzip => Finding.Warning("event-hubs-gzip", path, "Event Hubs accepts Gzip in the premium and dedicated tiers only.", "Choose None for a namespace of the basic or standard tier.") with { AsOf = Facts.SchemaDate, Source = Facts.EventHubsKafka },
            _ => null,
        };
    }

    public static Finding? CheckPartitionKey(DataflowEndpoint endpoint, EndpointKind kind) =>
        string.IsNullOrWhiteSpace(endpoint.Kafka!.PartitionKeyProperty)
            ? Finding.Warning("partition-key-missing", "spec.kafkaSettings.partitionKeyProperty", "The strategy Property has no property: messages are spread as with Default.", "Write the name of an MQTT user property, for example device-id.")
            : Finding.Info("partition-key-extension", "spec.kafkaSettings.partitionKeyProperty", "No API version of Azure has this member: Bicep and ARM leave it out.") with { AsOf = Facts.SchemaDate, Source = Facts.KafkaPage };

    /// <summary>A dataflow that reads from Kafka does so in a consumer group.</summary>
    public static Finding? CheckSource(DataflowEndpoint endpoint, IEnumerable<Dataflow> dataflows) =>
        endpoint.Kafka is { } kafka && string.IsNullOrWhiteSpace(kafka.ConsumerGroupId)
        && dataflows.FirstOrDefault(dataflow => dataflow.Uses.Any(use => use.IsSource && use.Endpoint == endpoint.Name)) is { } reader
            ? Finding.Error("consumer-group-missing", "spec.kafkaSettings.consumerGroupId", DataflowValidator.ConsumerGroupMissing, $"The dataflow '{reader.Name}' reads from this endpoint. Write a name that no other reader of the Kafka cluster uses, for example portal-line3.")
            : null;

    public static Finding? CheckAcks(DataflowEndpoint endpoint, EndpointKind kind) =>
        endpoint.Kafka!.KafkaAcks is KafkaAcks.Zero
            ? Finding.Warning("acks-zero", "spec.kafkaSettings.kafkaAcks", "With Zero nothing is awaited: messages count as delivered when written and may be lost.", "Choose All, or One, unless losses are acceptable.")
            : null;

    public static Finding? CheckMaxBytes(DataflowEndpoint endpoint, EndpointKind kind) => CheckFitsAzure(endpoint.Kafka!.Batching.MaxBytes, "maxBytes", "Maximum bytes");

    public static Finding? CheckMaxMessages(DataflowEndpoint endpoint, EndpointKind kind) => CheckFitsAzure(endpoint.Kafka!.Batching.MaxMessages, "maxMessages", "Message count");

    private static Finding? CheckFitsAzure(long? value, string member, string label) =>
        value is > int.MaxValue and <= uint.MaxValue
            ? Finding.Warning("above-int32", "spec.kafkaSettings.batching." + member, $"{label} is above 2147483647: Kubernetes takes it, Azure Resource Manager does not.", "Write at most 2147483647.") with { AsOf = Facts.SchemaDate, Source = Facts.KafkaPage }
            : null;
}

/// <summary>Rules of MQTT settings that look at more than one field or at the service.</summary>
internal static class MqttRules
{
    /// <summary>Longest keep alive that Event Grid takes, in seconds.</summary>
    public const int EventGridMostKeepAlive = 1160;

    public static Finding? CheckKeepAlive(DataflowEndpoint endpoint, EndpointKind kind)
    {
        const string path = "spec.mqttSettings.keepAliveSeconds";
        var value = endpoint.Mqtt!.KeepAliveSeconds;
        if (kind == EndpointKind.EventGrid && value is > EventGridMostKeepAlive and <= 65535)
            return Finding.Error("event-grid-keep-alive", path, $"Event Grid takes a keep alive of at most {EventGridMostKeepAlive} s, not {value}.", $"Write at most {EventGridMostKeepAlive}.") with { AsOf = Facts.SchemaDate, Source = Facts.EventGridMqtt };
        return value is 0 ? Finding.Warning("keep-alive-off", path, "Pings are off: a connection that died silently is not noticed.", "Write 60, or another number of seconds.") : null;
    }

    public static Finding? CheckSessionExpiry(DataflowEndpoint endpoint, EndpointKind kind)
    {
        const string path = "spec.mqttSettings.sessionExpirySeconds";
        var value = endpoint.Mqtt!.SessionExpirySeconds;
        if (value is 0)
            return Finding.Warning("session-expiry-zero", path, "The session ends with the connection: messages that arrive while it is down are lost.", "Write for example 3600.");
        if (kind != EndpointKind.EventGrid || value is null)
            return null;
        return value switch
        {
            > 28800 => Finding.Info("event-grid-session-expiry", path, "Event Grid lowers a session expiry above 28800 s (8 h).") with { AsOf = Facts.SchemaDate, Source = Facts.EventGridMqtt },
            > 3600 => Finding.Info("event-grid-session-expiry", path, "Event Grid grants more than 3600 s only where the namespace allows it, and lowers it otherwise.") with { AsOf = Facts.SchemaDate, Source = Facts.EventGridMqtt },
            _ => null,
        };
    }

    public static Finding? CheckRetain(DataflowEndpoint endpoint, EndpointKind kind) =>
        kind == EndpointKind.EventGrid && endpoint.Mqtt!.Retain is not RetainPolicy.Never
            ? Finding.Warning("event-grid-retain", "spec.mqttSettings.retain", "As a destination, messages with the retain flag may be rejected by namespaces without Retain.", "Choose Never when dataflows write to this endpoint.") with { AsOf = Facts.SchemaDate, Source = Facts.EventGridMqtt }
            : null;

    public static Finding? CheckInflight(DataflowEndpoint endpoint, EndpointKind kind) =>
        endpoint.Mqtt!.MaxInflightMessages is 0
            ? Finding.Error("inflight-zero", "spec.mqttSettings.maxInflightMessages", "With 0 messages in flight nothing can be sent or received.", "Write 1 to 65535, for example 100.")
            : null;

    public static Finding? CheckClientIdPrefix(DataflowEndpoint endpoint, EndpointKind kind)
    {
        const string path = "spec.mqttSettings.clientIdPrefix";
        var prefix = endpoint.Mqtt!.ClientIdPrefix;
        if (prefix is null)
            return kind == EndpointKind.EventGrid
                ? Finding.Info("event-grid-client-id", path, "Client IDs come from the dataflow's name: two instances with equal dataflow names collide in one namespace.", "Write a prefix of this site.") with { AsOf = Facts.SchemaDate, Source = Facts.EventGridMqtt }
                : null;
        return prefix.Length > 64 ? Finding.Warning("client-id-long", path, $"The client ID prefix has {prefix.Length} characters; many brokers refuse long client IDs.", "Write a short prefix, for example line3.") : null;
    }
}
