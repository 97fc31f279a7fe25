namespace Portal.Messaging.Probes;

/// <summary>What does the broker allow, and does it fit the settings? For Kafka: are all brokers reachable?</summary>
internal sealed class BrokerStage(KafkaBrokers kafka) : ProbeStage
{
    public override TestStage Stage => TestStage.Broker;

    public override string Awaited(ProbeContext context) => "all brokers were reached";

    public override string? SkipReason(ProbeContext context) => context.IsGood(TestStage.SignIn) ? null : "Skipped, needs sign-in";

    public override Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken) =>
        context.Mqtt is { } connection ? Task.FromResult(MqttLimits.Check(connection.Answer, connection.Settings, context.Endpoint.Mqtt!)) : kafka.RunAsync(context, cancellationToken);
}
