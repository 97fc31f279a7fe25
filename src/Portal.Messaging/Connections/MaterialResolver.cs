using System.Security.Cryptography.X509Certificates;
using Portal.Messaging.Identity;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;

namespace Portal.Messaging.Connections;

/// <summary>Resolves what an endpoint refers to: secrets, the config map of CAs, token sources. Finds every problem, throws for none.</summary>
internal sealed class MaterialResolver(ISecretReader secrets, IConfigMapStore configMaps, IServiceAccountTokens tokens, TimeProvider clock)
{
    public async Task<ConnectionMaterial> ResolveAsync(DataflowEndpoint endpoint, CancellationToken cancellationToken = default)
    {
        var settings = endpoint.Settings ?? throw new ArgumentException("Not an endpoint that the portal connects to.", nameof(endpoint));
        var problems = new List<Problem>();
        var cas = settings.UsesTls ? await ResolveCasAsync(settings.Tls.TrustedCaCertificateConfigMapRef, problems, cancellationToken) : null;
        var entries = settings.Authentication?.SecretReference is { Length: > 0 } secret
            ? await ResolveSecretAsync(secret, settings.Authentication.Method, problems, cancellationToken)
            : null;
        var certificate = settings.Authentication is Authentication.X509Certificate && entries is not null
            ? ClientCertificates.Read(entries, problems, clock.GetUtcNow())
            : null;
        if (settings.Authentication is Authentication.Sasl sasl && entries is not null)
            SaslChecks.Check(entries, sasl, settings, problems);
        return new ConnectionMaterial
        {
            TrustedCas = cas,
            TrustedCasName = cas is null ? null : settings.Tls.TrustedCaCertificateConfigMapRef,
            Username = entries?.Text("username"),
            Password = entries?.Value("password"),
            ClientCertificate = certificate?.Certificate,
            Intermediates = certificate?.Intermediates ?? [],
            ClientChainPem = certificate?.ChainPem,
            ClientKeyPem = certificate?.KeyPem,
            Tokens = await TokensOfAsync(endpoint, problems, cancellationToken),
            Problems = problems,
        };
    }

    private async Task<X509Certificate2Collection?> ResolveCasAsync(string? name, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(name))
            return null;
        var lookup = await configMaps.LookUpAsync(name, cancellationToken);
        if (lookup.Found is { } configMap)
            return TrustedCas.Read(configMap, problems, clock.GetUtcNow());
        if (lookup.Hidden is { } hidden)
        {
            problems.Add(new Problem(
                "config-map-hidden", $"{hidden.Message} Whether '{name}' holds the right CA certificates cannot be told here.",
                hidden.Fix)
            { Summary = $"Config map '{name}' cannot be read here" });
            return null;
        }
        problems.Add(new Problem(
            "config-map-missing", $"The config map '{name}' with the trusted CA certificates does not exist.",
            $"Create it on the page Secrets and certificates, or with kubectl create configmap {name} --from-file=ca.crt, or choose another one.")
        { Summary = $"Config map '{name}' is missing" });
        return null;
    }

    private async Task<SecretEntries?> ResolveSecretAsync(string name, AuthenticationMethod method, List<Problem> problems, CancellationToken cancellationToken)
    {
        var fields = SecretEntryField.For(method);
        try
        {
            if (await secrets.ResolveAsync(name, cancellationToken) is { } found)
                return SecretEntries.Check(name, found, fields, problems, clock.GetUtcNow());
        }
        catch (SecretsUnavailableException e)
        {
            problems.Add(new Problem("secrets-unavailable", e.Message, e.Fix) { Summary = $"Secret '{name}' cannot be read" });
            return null;
        }
        problems.Add(new Problem(
            "secret-missing", $"The secret '{name}' does not exist.",
            $"Create it with the keys {string.Join(" and ", fields.Where(field => field.IsRequired).Select(field => field.Key))} (Add reference on the form, or the page Secrets and certificates).")
        { Summary = $"Secret '{name}' is missing" });
        return null;
    }

    private async Task<ITokenSource?> TokensOfAsync(DataflowEndpoint endpoint, List<Problem> problems, CancellationToken cancellationToken)
    {
        if (endpoint.Settings?.Authentication is not Authentication.ServiceAccountToken method)
            return ManagedIdentities.For(endpoint);
        var source = new ServiceAccountToken(tokens, method.Audience ?? "", clock);
        try
        {
            if (source.CheckAudience(await source.GetAsync(cancellationToken)) is { } warning)
                problems.Add(warning);
        }
        catch (ConnectionException e)
        {
            problems.Add(e.Problem);
        }
        return source;
    }
}
