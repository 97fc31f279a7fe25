namespace Portal.Model.Dataflows;

/// <summary>The operation <c>BuiltInTransformation</c> (<c>builtInTransformationSettings</c>): datasets, then filters, then maps.</summary>
public sealed record Transformation
{
    /// <summary>Name of the operation, at most 64 characters; null = none.</summary>
    public string? Name { get; init; }

    /// <summary>Format of the output; not set = Json.</summary>
    public SerializationFormat? SerializationFormat { get; init; }

    /// <summary>Schema of the output in the schema registry; becomes the CloudEvents attribute <c>dataschema</c>.</summary>
    public string? SchemaRef { get; init; }

    /// <summary>Data from a state store that enriches the message, at most one. Kept; not run by this portal.</summary>
    public ValueList<TransformationDataset> Datasets { get; init; } = [];

    /// <summary>Conditions that a message must all meet to go on (<c>filter</c>).</summary>
    public ValueList<TransformationFilter> Filters { get; init; } = [];

    /// <summary>Rules that make the output (<c>map</c>), in their order; without one the payload stays as it is.</summary>
    public ValueList<TransformationMap> Maps { get; init; } = [];

    /// <summary>True when there is nothing to do to a message.</summary>
    public bool IsEmpty => Datasets.Count == 0 && Filters.Count == 0 && Maps.Count == 0;
}

/// <summary>One entry of <c>datasets</c>.</summary>
public sealed record TransformationDataset
{
    /// <summary>Key in the state store, at most 64 characters. Required.</summary>
    public string? Key { get; init; }

    /// <summary>Fields of the condition, <c>$1</c> is the first. Required.</summary>
    public ValueList<string> Inputs { get; init; } = [];

    /// <summary>Condition that picks the record.</summary>
    public string? Expression { get; init; }

    public string? SchemaRef { get; init; }

    /// <summary>For people, at most 256 characters.</summary>
    public string? Description { get; init; }
}

/// <summary>Kind of a filter; there is one.</summary>
public enum FilterType { Filter }

/// <summary>One entry of <c>filter</c>.</summary>
public sealed record TransformationFilter
{
    /// <summary>Fields that the expression names, <c>$1</c> is the first. Required.</summary>
    public ValueList<string> Inputs { get; init; } = [];

    /// <summary>Condition; a message for which it is not true is dropped. Required.</summary>
    public string? Expression { get; init; }

    /// <summary>Not set = Filter.</summary>
    public FilterType? Type { get; init; }

    /// <summary>For people, at most 256 characters.</summary>
    public string? Description { get; init; }
}

/// <summary>Kind of a map rule, for the page that edits it; what is done follows from inputs, expression and output.</summary>
public enum MapType { NewProperties, Rename, Compute, PassThrough, BuiltInFunction }

/// <summary>One entry of <c>map</c>.</summary>
public sealed record TransformationMap
{
    /// <summary>Fields of the input, <c>$1</c> is the first; one <c>*</c> a path is a wildcard. Required (may be empty for NewProperties).</summary>
    public ValueList<string> Inputs { get; init; } = [];

    /// <summary>Field of the output; empty removes what the inputs name. Required.</summary>
    public string? Output { get; init; }

    /// <summary>Value of the output; not set = the first input as it is.</summary>
    public string? Expression { get; init; }

    /// <summary>Not set = Compute.</summary>
    public MapType? Type { get; init; }

    /// <summary>For people, at most 256 characters.</summary>
    public string? Description { get; init; }
}
