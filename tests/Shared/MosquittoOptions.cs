namespace Portal.Tests.Shared;

/// <summary>What a test wants of its mosquitto.</summary>
public sealed record MosquittoOptions
{
    public IReadOnlyList<MosquittoListener> Listeners { get; init; } = [new MosquittoListener()];

    /// <summary>User name to password; with any, a sign-in is needed.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>Lets clients without a user name in beside the users.</summary>
    public bool AllowAnonymousToo { get; init; }

    /// <summary>Text of the ACL file, e.g. <c>user anna\ntopic read plant/#</c>; null = everything is allowed.</summary>
    public string? Acl { get; init; }

    /// <summary>Sessions survive an orderly stop.</summary>
    public bool Persistence { get; init; }

    /// <summary>Logs every packet; slow under load.</summary>
    public bool Verbose { get; init; }

    /// <summary>More lines of mosquitto.conf, e.g. <c>max_keepalive 60</c>.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}

/// <summary>One port of a mosquitto.</summary>
public sealed record MosquittoListener
{
    /// <summary>A fixed port; null = a free one.</summary>
    public int? Port { get; init; }

    /// <summary>The server certificate; null = no TLS.</summary>
    public TestCertificate? Certificate { get; init; }

    /// <summary>Clients must show a certificate issued by this authority; their common name becomes the user name.</summary>
    public TestAuthority? ClientAuthority { get; init; }

    public bool WebSockets { get; init; }

    public int? MaxConnections { get; init; }

    /// <summary>More lines for this listener, e.g. <c>max_qos 1</c>.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    internal IEnumerable<string> Configuration(int port, TemporaryFolder folder, int index)
    {
        // For WebSockets mosquitto 2.0 ignores an address (and listens on all of them) but heeds an interface.
        yield return $"listener {port} {(WebSockets ? "lo" : "127.0.0.1")}";
        if (WebSockets)
            yield return "protocol websockets";
        if (MaxConnections is not null)
            yield return $"max_connections {MaxConnections}";
        if (Certificate is not null)
        {
            yield return $"certfile {folder.Write($"server-{index}.pem", Certificate.ChainPem)}";
            yield return $"keyfile {folder.Write($"server-{index}.key", Certificate.KeyPem)}";
        }

        if (ClientAuthority is not null)
        {
            yield return $"cafile {folder.Write($"clients-{index}.pem", ClientAuthority.ChainPem)}";
            yield return "require_certificate true";
            yield return "use_identity_as_username true";
        }

        foreach (var line in Lines)
            yield return line;
    }
}
