namespace Portal.KubernetesServer;

/// <summary>How the server behaves.</summary>
public sealed record ServerOptions
{
    /// <summary>False: http instead of https with a certificate of the server's own authority.</summary>
    public bool UsesTls { get; init; } = true;

    /// <summary>False: our CustomResourceDefinitions are not installed.</summary>
    public bool HasDefinitions { get; init; } = true;

    /// <summary>True: unknown members of spec are pruned instead of kept.</summary>
    public bool Prunes { get; init; }

    /// <summary>How long a read of a version that is not there yet is held back.</summary>
    public TimeSpan FutureWait { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often a watch without an end is sent a bookmark.</summary>
    public TimeSpan BookmarkPeriod { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The clock of creation times, watches and tokens.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Namespaces that exist from the start.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = ["default", "azure-iot-operations"];
}
