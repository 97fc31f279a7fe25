using System.Text.Json.Nodes;
using Portal.Messaging.Connections;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Probes;

/// <summary>Do secrets, certificates, CAs and token files resolve, and fit?</summary>
internal sealed class SecretsStage(MaterialResolver resolver) : ProbeStage
{
    public override TestStage Stage => TestStage.Secrets;

    public override string Awaited(ProbeContext context) => "the secret store answered";

    public override string? SkipReason(ProbeContext context) => context.Target is null ? "Skipped, needs valid settings" : null;

    public override async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        context.Material.Dispose();
        var material = context.Material = await resolver.ResolveAsync(context.Endpoint, cancellationToken);
        var evidence = new JsonObject();
        if (material.ClientCertificate is { } certificate)
            evidence["clientCertificate"] = new JsonObject
            {
                ["subject"] = certificate.Subject,
                ["issuer"] = certificate.Issuer,
                ["notBefore"] = certificate.NotBefore.ToUniversalTime(),
                ["notAfter"] = certificate.NotAfter.ToUniversalTime(),
                ["intermediates"] = material.Intermediates.Count,
            };
        if (material.TrustedCas is { } cas)
            evidence["trustedCas"] = new JsonArray([.. cas.Select(JsonNode? (ca) => ChainCertificate.TitleOf(ca.Subject))]);
        return StageFinding.Of(material.Problems, Summary(context, material), evidence);
    }

    private static string Summary(ProbeContext context, ConnectionMaterial material)
    {
        var settings = context.Endpoint.Settings!;
        var credentials = settings.Authentication switch
        {
            Authentication.Sasl => "user name and password",
            Authentication.X509Certificate => "client certificate with its key",
            Authentication.ServiceAccountToken => "service account token",
            Authentication.SystemAssignedManagedIdentity or Authentication.UserAssignedManagedIdentity => "managed identity, asked at sign-in",
            _ => "no credentials needed",
        };
        var trust = !settings.UsesTls ? null
            : material.TrustedCas is { } cas ? $"{cas.Count} trusted CA{(cas.Count == 1 ? "" : "s")} from '{material.TrustedCasName}'"
            : "the system's trusted roots";
        var summary = trust is null ? credentials : $"{credentials}; {trust}";
        return char.ToUpperInvariant(summary[0]) + summary[1..];
    }
}
