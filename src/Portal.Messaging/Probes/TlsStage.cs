using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Probes;

/// <summary>Does the server speak TLS, show a certificate that is trusted, and take ours?</summary>
internal sealed class TlsStage(TlsHandshake handshake, SecondLook secondLook) : ProbeStage
{
    public override TestStage Stage => TestStage.Tls;

    public override string Awaited(ProbeContext context) => "the server answered the TLS handshake; it accepted the connection and then kept silent";

    public override string? SkipReason(ProbeContext context) =>
        context.Target is { UsesTls: false } ? "Not used, TLS is off"
        : !context.IsGood(TestStage.Tcp) ? "Skipped, needs a TCP connection"
        : context.Endpoint.Settings!.Tls.TrustedCaCertificateConfigMapRef is { Length: > 0 } && context.Material.TrustedCas is null ? "Skipped, needs the trusted CA certificates"
        : context.Endpoint.Settings.Authentication is Authentication.X509Certificate && context.Material.ClientCertificate is null ? "Skipped, needs the client certificate"
        : null;

    public override async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var look = secondLook.ForPlainServer(context);
        var result = await look.BesideAsync(
            token => handshake.RunAsync(context.Stream!, context.Target!.Written.Host, context.Material, token),
            isUnclear: found => found.Problem?.Cause == "tls-closed",
            otherwise: () => new TlsResult(null, TlsProblems.PlainServer(look.Proof)),
            cancellationToken);
        context.Stream = result.Stream ?? context.Stream;
        var evidence = TlsEvidence.Of(result, context.Material.TrustedCasName);
        if (result.Problem is { IsWarning: false })
            await context.CloseStreamAsync();
        if (result.Problem is not null)
            return StageFinding.Of(result.Problem, evidence);
        return StageFinding.Passed($"{result.Protocol}, certificate of {result.Chain[0].Title}", evidence);
    }
}
