using System.Security.Cryptography.X509Certificates;
using Portal.Messaging.Identity;
using Portal.Model.Ports;

namespace Portal.Messaging.Connections;

/// <summary>What a connection needs beside the endpoint: resolved secrets, trusted CAs and the source of tokens, with every problem found.</summary>
internal sealed class ConnectionMaterial : IDisposable
{
    /// <summary>SASL user name.</summary>
    public string? Username { get; init; }

    /// <summary>SASL password.</summary>
    public SecretValue? Password { get; init; }

    /// <summary>Client certificate with its private key.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>CA certificates between the client certificate and its root, to be sent with it.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    /// <summary>The client certificate and its intermediates as PEM.</summary>
    public string? ClientChainPem { get; init; }

    /// <summary>The private key of the client certificate as PEM.</summary>
    public SecretValue? ClientKeyPem { get; init; }

    /// <summary>CAs of the config map; null = the system's roots are trusted.</summary>
    public X509Certificate2Collection? TrustedCas { get; init; }

    /// <summary>Name of the config map that <see cref="TrustedCas"/> come from.</summary>
    public string? TrustedCasName { get; init; }

    /// <summary>Source of tokens; null when the method uses none.</summary>
    public ITokenSource? Tokens { get; init; }

    /// <summary>Everything found, errors and warnings.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    /// <summary>The first problem that prevents a connection.</summary>
    public Problem? Failure => Problems.FirstOrDefault(problem => !problem.IsWarning);

    public void Dispose()
    {
        ClientCertificate?.Dispose();
        foreach (var certificate in Intermediates.Concat(TrustedCas ?? []))
            certificate.Dispose();
    }
}
