namespace Portal.Messaging.Identity;

/// <summary><c>Portal:Identity</c>: where tokens come from.</summary>
public sealed class IdentityOptions
{
    public const string Section = "Portal:Identity";

    /// <summary>File with the service account token; <c>{audience}</c> in it stands for the audience. Empty = where Kubernetes mounts it.</summary>
    public string? ServiceAccountTokenFile { get; set; }
}

/// <summary>The configured file, or where Azure IoT Operations and Kubernetes mount tokens.</summary>
internal sealed class ServiceAccountTokenFiles(IdentityOptions options) : IServiceAccountTokens
{
    private const string AudiencePlaceholder = "{audience}";

    private static readonly string[] _usual =
    [
        "/var/run/secrets/tokens/broker-sat",
        "/var/run/secrets/tokens/mqtt-client-token",
        "/var/run/secrets/tokens/" + AudiencePlaceholder,
    ];

    public (string? Path, string? Reason) FileFor(string audience)
    {
        var isSafe = audience.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && !audience.Contains("..", StringComparison.Ordinal);
        if (options.ServiceAccountTokenFile is { Length: > 0 } file)
            return isSafe || !file.Contains(AudiencePlaceholder, StringComparison.Ordinal)
                ? (file.Replace(AudiencePlaceholder, audience, StringComparison.Ordinal), null)
                : (null, $"The audience '{audience}' cannot be part of a file name.");
        var found = _usual.Select(path => path.Replace(AudiencePlaceholder, isSafe ? audience : "none", StringComparison.Ordinal)).FirstOrDefault(File.Exists);
        return found is not null ? (found, null) : (null, $"There is no service account token for the audience '{audience}' on this machine.");
    }
}
