namespace Portal.Model.Dataflows;

/// <summary>A group of instances that run dataflows, <c>kind: DataflowProfile</c>.</summary>
public sealed record DataflowProfile : Resource
{
    /// <summary>Fewest and most instances.</summary>
    public const int LeastInstances = 1, MostInstances = 20;

    /// <summary>The value of <see cref="Runtime"/> that makes this portal run the dataflows.</summary>
    public const string PortalRuntime = "portal";

    public override ResourceKind Kind => ResourceKind.DataflowProfile;

    /// <summary>Instances, 1 to 20; not set = 1.</summary>
    public long? InstanceCount { get; init; }

    /// <summary>Log level (<c>diagnostics.logs.level</c>): error, warn, info, debug, trace, off, or a list <c>module=level</c>; not set = info.</summary>
    public string? LogLevel { get; init; }

    /// <summary>Port of the metrics (<c>diagnostics.metrics.prometheusPort</c>), 0 to 65535; not set = 9600.</summary>
    public long? PrometheusPort { get; init; }

    /// <summary>
    /// Who runs its dataflows where the operator of Azure IoT Operations may: the annotation <c>portal/runtime</c>. <see cref="PortalRuntime"/> =
    /// this portal; anything else, or not set = the operator. A folder has no operator: there the portal runs all.
    /// </summary>
    public string? Runtime { get; init; }

    /// <summary>Instances that run; a value that is not allowed counts as the nearest that is.</summary>
    public int Instances => (int)Math.Clamp(InstanceCount ?? LeastInstances, LeastInstances, MostInstances);
}
