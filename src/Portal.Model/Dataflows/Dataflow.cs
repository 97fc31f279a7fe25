using Portal.Model.Endpoints;

namespace Portal.Model.Dataflows;

/// <summary>
/// A dataflow, <c>kind: Dataflow</c>: one source, an optional transformation and one destination (<c>spec.operations</c>).
/// A member that is null is not set. Reading refuses a second source, transformation or destination; what is missing or
/// does not fit is said by <see cref="DataflowValidator"/>.
/// </summary>
public sealed record Dataflow : Resource
{
    /// <summary>Profile that runs a dataflow that names none.</summary>
    public const string DefaultProfile = "default";

    public override ResourceKind Kind => ResourceKind.Dataflow;

    /// <summary>Profile that runs it; null = <see cref="DefaultProfile"/>.</summary>
    public string? ProfileRef { get; init; }

    /// <summary>Whether it is meant to run; not set = Enabled.</summary>
    public OperationalMode? Mode { get; init; }

    /// <summary>Whether the broker is asked to keep the subscriber queue on disk (API 2025-07-01-preview and later); not set = Disabled.</summary>
    public OperationalMode? RequestDiskPersistence { get; init; }

    /// <summary>Where messages come from; null = none yet.</summary>
    public DataflowSource? Source { get; init; }

    /// <summary>What is done to them; null = nothing.</summary>
    public Transformation? Transformation { get; init; }

    /// <summary>Where they go; null = none yet.</summary>
    public DataflowDestination? Destination { get; init; }

    /// <summary>Name of the profile that runs it.</summary>
    public string Profile => string.IsNullOrEmpty(ProfileRef) ? DefaultProfile : ProfileRef;

    /// <summary>Whether it is meant to run.</summary>
    public bool IsEnabled => Mode is not OperationalMode.Disabled;

    /// <summary>Endpoints that it names, the source first.</summary>
    public IEnumerable<EndpointUse> Uses
    {
        get
        {
            if (Source?.EndpointRef is { } source)
                yield return new EndpointUse(source, true);
            if (Destination?.EndpointRef is { } destination)
                yield return new EndpointUse(destination, false);
        }
    }
}

/// <summary>That a dataflow reads from or writes to an endpoint.</summary>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="IsSource">True when the dataflow reads from it.</param>
public sealed record EndpointUse(string Endpoint, bool IsSource);

/// <summary>Format of payloads. This portal runs Json; the others are kept.</summary>
public enum SerializationFormat { Json, Parquet, Delta }

/// <summary>The operation <c>Source</c> (<c>sourceSettings</c>).</summary>
public sealed record DataflowSource
{
    /// <summary>Name of the operation, at most 64 characters; null = none.</summary>
    public string? Name { get; init; }

    /// <summary>MQTT or Kafka endpoint to read from. Required.</summary>
    public string? EndpointRef { get; init; }

    /// <summary>MQTT topic filters (<c>+</c> and <c>#</c> allowed) or Kafka topics. At least one.</summary>
    public ValueList<string> DataSources { get; init; } = [];

    /// <summary>Asset of the device registry that the data comes from; information only.</summary>
    public string? AssetRef { get; init; }

    /// <summary>Schema of the messages in the schema registry.</summary>
    public string? SchemaRef { get; init; }

    /// <summary>Format of the messages; not set = Json.</summary>
    public SerializationFormat? SerializationFormat { get; init; }
}

/// <summary>The operation <c>Destination</c> (<c>destinationSettings</c>).</summary>
public sealed record DataflowDestination
{
    /// <summary>Name of the operation, at most 64 characters; null = none.</summary>
    public string? Name { get; init; }

    /// <summary>Endpoint to write to. Required.</summary>
    public string? EndpointRef { get; init; }

    /// <summary>Kafka topic, or MQTT topic that may hold <c>${inputTopic}</c> and <c>${inputTopic.N}</c>. Required.</summary>
    public string? DataDestination { get; init; }

    /// <summary>Changes of the headers or user properties sent (API 2025-10-01 and later), in their order.</summary>
    public ValueList<DestinationHeader> Headers { get; init; } = [];
}

/// <summary>What happens to a header of the destination.</summary>
public enum HeaderAction { AddIfNotPresent, AddOrReplace, Remove }

/// <summary>One change of the headers sent.</summary>
public sealed record DestinationHeader
{
    /// <summary>What to do (<c>actionType</c>). Required.</summary>
    public HeaderAction? Action { get; init; }

    /// <summary>Name of the header or user property. Required.</summary>
    public string? Key { get; init; }

    /// <summary>Value; required except for Remove.</summary>
    public string? Value { get; init; }
}
