namespace Portal.Sandbox;

/// <summary>Where the sandbox listens, on loopback, and where it keeps its certificate authority and tokens.</summary>
public sealed class SandboxOptions
{
    public const int DefaultTlsPort = 18883;
    public const int DefaultPlainPort = 1883;

    /// <summary>The MQTT listener with TLS and sign-in by token. Another free port is used when it is taken; 0 asks for a free one.</summary>
    public int TlsPort { get; set; } = DefaultTlsPort;

    /// <summary>The MQTT listener without TLS and sign-in. Another free port is used when it is taken; 0 asks for a free one.</summary>
    public int PlainPort { get; set; } = DefaultPlainPort;

    /// <summary>The sandbox's folder below the data directory.</summary>
    public string Directory { get; set; } = "";

    /// <summary>How long a service account token is good for; it is renewed after four fifths of that.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);
}
