using System.Collections.Immutable;
using Portal.Model.Endpoints;

namespace Portal.Model.Fields;

/// <summary>One entry that the synced secret of a method must or may hold; the form asks for a reference to each.</summary>
/// <param name="Key">Key written.</param>
/// <param name="Label">Label of the form, as in the documentation.</param>
/// <param name="IsRequired">Whether the sign-in needs it.</param>
/// <param name="IsPem">Whether the value is PEM text.</param>
/// <param name="Help">What to store there.</param>
public sealed record SecretEntryField(string Key, string Label, bool IsRequired, bool IsPem, string Help)
{
    /// <summary>Other keys that are read for the same purpose.</summary>
    public ImmutableArray<string> AlsoRead { get; init; } = [];

    /// <summary>True for a key that this entry may stand under.</summary>
    public bool Matches(string key) => key == Key || AlsoRead.Contains(key);

    /// <summary>The entries of a method's secret; none for a method without a secret.</summary>
    /// <param name="method">The method.</param>
    /// <param name="kind">The kind whose form asks; the documentation names the user name differently for each.</param>
    public static ImmutableArray<SecretEntryField> For(AuthenticationMethod? method, EndpointKind? kind = null) => method switch
    {
        AuthenticationMethod.Sasl =>
        [
            new("username", kind == EndpointKind.CustomKafka ? "Username reference of token secret" : "Username reference or token secret", true, false, "User name. For an Event Hubs connection string write $ConnectionString."),
            new("password", "Password reference of token secret", true, false, "Password, or the Event Hubs connection string."),
        ],
        AuthenticationMethod.X509Certificate =>
        [
            new("client_cert.pem", "X509 client certificate", true, true, "The client certificate as PEM.") { AlsoRead = ["tls.crt"] },
            new("client_key.pem", "X509 client key", true, true, "The private key of the certificate as PEM, without a password.") { AlsoRead = ["tls.key"] },
            new("client_intermediate_certs.pem", "X509 intermediate certificates", false, true, "The CA certificates between the client certificate and the root, as PEM."),
        ],
        _ => [],
    };
}
