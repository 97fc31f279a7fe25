namespace Portal.Messaging.Probes;

/// <summary>Does the broker let the endpoint in?</summary>
internal sealed class SignInStage(MqttSignIn mqtt, KafkaSignIn kafka) : ProbeStage
{
    public override TestStage Stage => TestStage.SignIn;

    public override string Awaited(ProbeContext context) => context.IsMqtt
        ? "the broker answered the sign-in (CONNECT); it accepted the connection and then kept silent"
        : "the broker answered the sign-in and the question for its metadata";

    public override string? SkipReason(ProbeContext context) => Needed(context) is { } needed ? "Skipped, needs " + needed : null;

    public override Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken) =>
        context.IsMqtt ? mqtt.RunAsync(context, cancellationToken) : kafka.RunAsync(context, cancellationToken);

    private static string? Needed(ProbeContext context) => context switch
    {
        { Target: null } => "valid settings",
        _ when !context.IsGood(TestStage.Tcp) => "a TCP connection",
        { Target.UsesTls: true } when !context.IsGood(TestStage.Tls) => "TLS",
        { Target.WebSocketPath: not null } when !context.IsGood(TestStage.WebSocket) => "the WebSocket",
        _ when !context.IsGood(TestStage.Secrets) => "its secrets",
        _ => null,
    };
}
