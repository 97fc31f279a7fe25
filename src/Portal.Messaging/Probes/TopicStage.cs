namespace Portal.Messaging.Probes;

/// <summary>May the endpoint read and write the topic that the user names?</summary>
internal sealed class TopicStage(MqttTopic mqtt, KafkaTopic kafka) : ProbeStage
{
    public override TestStage Stage => TestStage.Topic;

    public override string Awaited(ProbeContext context) => $"the broker answered about the topic '{context.Request.Topic}'";

    public override string? SkipReason(ProbeContext context) =>
        string.IsNullOrWhiteSpace(context.Request.Topic) ? "Not asked for, no topic given"
        : !context.IsGood(TestStage.SignIn) ? "Skipped, needs sign-in"
        : !context.IsGood(TestStage.Broker) ? "Skipped, needs reachable brokers"
        : null;

    public override Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken) =>
        context.IsMqtt ? mqtt.RunAsync(context, cancellationToken) : kafka.RunAsync(context, cancellationToken);
}
