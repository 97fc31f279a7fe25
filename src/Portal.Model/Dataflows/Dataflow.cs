using System.Collections.Immutable;

namespace Portal.Model.Dataflows;

/// <summary>A dataflow: a source, an optional transformation and a destination, <c>kind: Dataflow</c>.</summary>
public sealed record Dataflow : Resource
{
    public override ResourceKind Kind => ResourceKind.Dataflow;

    /// <summary>Profile that runs it; null = <c>default</c>.</summary>
    public string? ProfileRef { get; init; }

    /// <summary>Whether it is meant to run; not set = Enabled.</summary>
    public Endpoints.OperationalMode? Mode { get; init; }

    /// <summary>Endpoints that its operations name, with the role of each.</summary>
    public ImmutableArray<EndpointUse> Uses { get; init; } = [];

    public bool Equals(Dataflow? other) => other is not null && base.Equals(other)
        && ProfileRef == other.ProfileRef && Mode == other.Mode && Uses.SequenceEqual(other.Uses);

    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), ProfileRef, Mode, Uses.Length);
}

/// <summary>That a dataflow reads from or writes to an endpoint.</summary>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="IsSource">True when the dataflow reads from it.</param>
public sealed record EndpointUse(string Endpoint, bool IsSource);

/// <summary>A group of instances that run dataflows, <c>kind: DataflowProfile</c>.</summary>
public sealed record DataflowProfile : Resource
{
    public override ResourceKind Kind => ResourceKind.DataflowProfile;

    /// <summary>Instances, 1 to 20; not set = 1.</summary>
    public long? InstanceCount { get; init; }
}
