using System.Globalization;
using Portal.Components.Shared;
using Portal.Components.Traffic;
using Portal.Messaging.Flows;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Resources;

namespace Portal.Components.Dataflows;

/// <summary>Numbers and settings of dataflows as the pages write them.</summary>
internal static class FlowWords
{
    public static UiState State(FlowState state) => state switch
    {
        FlowState.Stopped => UiState.Stopped,
        FlowState.Starting => UiState.Starting,
        FlowState.Idle => UiState.Idle,
        FlowState.Healthy => UiState.Healthy,
        FlowState.WaitingForSource => UiState.WaitingForSource,
        FlowState.WaitingForDestination => UiState.WaitingForDestination,
        FlowState.Stopping => UiState.Stopping,
        FlowState.Failed => UiState.Failed,
        FlowState.Unknown => UiState.Unknown,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    /// <summary>True for a state in which messages do not pass although they should.</summary>
    public static bool IsTrouble(FlowState state) => state is FlowState.Failed or FlowState.WaitingForSource or FlowState.WaitingForDestination or FlowState.Unknown;

    /// <summary>"2,412/s".</summary>
    public static string Rate(double perSecond) => Text.Flow_PerSecond.With(TrafficWords.Rate(perSecond));

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>"48", "0.4"; a hyphen when nothing was delivered.</summary>
    public static string Milliseconds(double? milliseconds) => milliseconds switch
    {
        null => Text.Flow_NoValue,
        < 10 => milliseconds.Value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => milliseconds.Value.ToString("N0", CultureInfo.InvariantCulture),
    };

    /// <summary>How an endpoint is read, for example "MQTT, QoS 1, session kept 3600 s".</summary>
    public static string ReadBy(BrokerSettings settings) => settings switch
    {
        MqttSettings { SessionExpirySeconds: { } kept } mqtt => Text.Flow_ReadsMqttKept.With(mqtt.Qos ?? 1, kept),
        MqttSettings mqtt => Text.Flow_ReadsMqtt.With(mqtt.Qos ?? 1),
        KafkaSettings { ConsumerGroupId: { Length: > 0 } group } => Text.Flow_ReadsKafka.With(group),
        _ => Text.Flow_ReadsKafkaNoGroup,
    };

    /// <summary>How an endpoint is written, for example "Partitions by Topic, acks All".</summary>
    public static string WrittenBy(BrokerSettings settings) => settings switch
    {
        MqttSettings mqtt => Text.Flow_WritesMqtt.With(mqtt.Qos ?? 1),
        KafkaSettings kafka => Text.Flow_WritesKafka.With(kafka.PartitionStrategy ?? PartitionStrategy.Default, kafka.KafkaAcks ?? KafkaAcks.All),
        _ => "",
    };

    /// <summary>What is not kept when something breaks, by the settings of both ends; null when everything is.</summary>
    public static string? AtMostOnce(BrokerSettings? source, BrokerSettings? destination) => (source, destination) switch
    {
        (_, MqttSettings { Qos: 0 }) => Text.Flow_AtMostOnceQos,
        (_, KafkaSettings { KafkaAcks: KafkaAcks.Zero }) => Text.Flow_AtMostOnceAcks,
        (MqttSettings { Qos: 0 }, _) => Text.Flow_AtMostOnceSource,
        _ => null,
    };

    /// <summary>"3 rules".</summary>
    public static string Rules(Transformation? transformation) => ((transformation?.Filters.Count ?? 0) + (transformation?.Maps.Count ?? 0)) switch
    {
        0 => Text.Flow_NoRules,
        1 => Text.Flow_OneRule,
        var count => Text.Flow_Rules.With(count),
    };

    /// <summary>"Filter 1, map 2, no schema".</summary>
    public static string RuleKinds(Transformation? transformation) => transformation is null or { IsEmpty: true }
        ? Text.Flow_Unchanged
        : Text.Flow_RuleKinds.With(transformation.Filters.Count, transformation.Maps.Count, transformation.SchemaRef ?? Text.Flow_NoSchema);
}
