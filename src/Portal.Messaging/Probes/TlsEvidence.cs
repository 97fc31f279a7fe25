using System.Text.Json.Nodes;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>A handshake as evidence: protocol, cipher, checks and the chain. Certificates are public, so their PEM is in it.</summary>
internal static class TlsEvidence
{
    public static JsonObject Of(TlsResult result, string? configMap) => new()
    {
        ["protocol"] = result.Protocol,
        ["cipher"] = result.Cipher,
        ["trust"] = configMap is null ? "system" : $"config map '{configMap}'",
        ["clientCertificateRequested"] = result.ClientCertificateRequested,
        ["checks"] = new JsonArray([.. result.Checks.Select(JsonNode? (check) => new JsonObject
        {
            ["check"] = check.Name,
            ["ok"] = check.IsGood,
            ["text"] = check.Text,
        })]),
        ["chain"] = new JsonArray([.. result.Chain.Select(JsonNode? (certificate) => Of(certificate))]),
    };

    private static JsonObject Of(ChainCertificate certificate) => new()
    {
        ["title"] = certificate.Title,
        ["role"] = certificate.Role.ToString().ToLowerInvariant(),
        ["received"] = certificate.WasReceived,
        ["trusted"] = certificate.IsTrusted,
        ["selfSigned"] = certificate.IsSelfSigned,
        ["subject"] = certificate.Subject,
        ["issuer"] = certificate.Issuer,
        ["names"] = new JsonArray([.. certificate.Names.Select(JsonNode? (name) => name)]),
        ["notBefore"] = certificate.NotBefore.UtcDateTime,
        ["notAfter"] = certificate.NotAfter.UtcDateTime,
        ["key"] = certificate.Key,
        ["signature"] = certificate.Signature,
        ["sha256"] = certificate.Sha256,
        ["pem"] = certificate.IsAuthority ? certificate.Pem : null,
    };
}
