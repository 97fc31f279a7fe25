using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Fields;

/// <summary>Tab of the form that shows a field.</summary>
public enum FieldTab { Basic, Advanced }

/// <summary>When a field takes effect.</summary>
public enum FieldEffect
{
    /// <summary>As source and as destination.</summary>
    Always,

    /// <summary>Only when a dataflow reads from the endpoint.</summary>
    Source,

    /// <summary>Only when a dataflow writes to the endpoint.</summary>
    Destination,

    /// <summary>Only when a dataflow with an MQTT source writes to the endpoint.</summary>
    DestinationFromMqtt,

    /// <summary>Only when both ends of the dataflow are MQTT.</summary>
    MqttToMqtt,
}

/// <summary>The control that edits a field.</summary>
public enum FieldInput { Text, Number, Switch, Choice, Secret, ConfigMap }

/// <summary>One value that a field may take.</summary>
/// <param name="Value">Wire value.</param>
/// <param name="Label">What the form shows.</param>
/// <param name="Help">One sentence on what it means.</param>
public sealed record FieldChoice(string Value, string Label, string? Help = null);

/// <summary>The outcome of setting a field from text: a new endpoint, or why the text cannot be that field.</summary>
public sealed record FieldSetResult(DataflowEndpoint Endpoint, Finding? Problem);

/// <summary>
/// One setting of an endpoint, described once: form, defaults, validation and documents loop over these.
/// Texts are invariant: what <see cref="GetText"/> gives is the wire value.
/// </summary>
public abstract class EndpointField
{
    /// <summary>Path of the member below <c>spec</c>, for example <c>kafkaSettings.batching.latencyMs</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Label of the form, as in the documentation.</summary>
    public required string Label { get; init; }

    /// <summary>One or two sentences of help.</summary>
    public required string Help { get; init; }

    public FieldTab Tab { get; init; } = FieldTab.Advanced;

    /// <summary>Heading of the group that the field stands in.</summary>
    public required string Section { get; init; }

    public FieldEffect Effect { get; init; }

    public FieldInput Input { get; init; }

    /// <summary>Unit of a number, for example <c>ms</c>; null when it has none.</summary>
    public string? Unit { get; init; }

    /// <summary>Example of a valid text.</summary>
    public string? Example { get; init; }

    /// <summary>Smallest and largest value of a number.</summary>
    public (long Least, long Most)? Range { get; init; }

    /// <summary>Wire text of the value that applies when the field is not set; null when there is none.</summary>
    public string? Default { get; init; }

    /// <summary>What the form says of the default when it is no plain value, or depends on the host.</summary>
    public Func<DataflowEndpoint, string?>? DerivedDefault { get; init; }

    /// <summary>The values that may be chosen; empty when any may be.</summary>
    public ImmutableArray<FieldChoice> Choices { get; init; } = [];

    /// <summary>Narrows the choices to what a kind offers; null = all.</summary>
    public Func<EndpointKind, string, bool>? Offers { get; init; }

    /// <summary>The values that may be chosen for a kind.</summary>
    public IEnumerable<FieldChoice> ChoicesFor(EndpointKind kind) => Offers is null ? Choices : Choices.Where(choice => Offers(kind, choice.Value));

    /// <summary>True when an endpoint cannot be without the field (where it applies).</summary>
    public bool IsRequired { get; init; }

    /// <summary>False for a member that the resource types of Azure lack; it is left out of Bicep and ARM, with a note.</summary>
    public bool IsInAzure { get; init; } = true;

    /// <summary>Option of the Azure CLI that sets the field for a kind; null result = the CLI has none.</summary>
    public Func<EndpointKind, AzOption?> Az { get; init; } = _ => null;

    /// <summary>Whether the field belongs to an endpoint as it stands (its method, its partition strategy).</summary>
    public Func<DataflowEndpoint, bool> AppliesTo { get; init; } = _ => true;

    /// <summary>Rule beyond type, range and choices; null result = fine.</summary>
    public Func<DataflowEndpoint, EndpointKind, Finding?>? Rule { get; init; }

    /// <summary>Path below the resource, as findings name it.</summary>
    public string FullPath => "spec." + Path;

    /// <summary>Wire text of the value, null when not set.</summary>
    public abstract string? GetText(DataflowEndpoint endpoint);

    /// <summary>Sets from wire text; null or empty unsets. Text that is no such value leaves the endpoint as it is and says why.</summary>
    public abstract FieldSetResult SetText(DataflowEndpoint endpoint, string? text);

    /// <summary>The value as a JSON node of the wire form, null when not set.</summary>
    public abstract JsonNode? GetJson(DataflowEndpoint endpoint);

    /// <summary>Sets from a JSON node of the wire form (strict: the right JSON type and the exact enum text).</summary>
    public abstract FieldSetResult SetJson(DataflowEndpoint endpoint, JsonNode? node);

    /// <summary>Unsets the field.</summary>
    public DataflowEndpoint Clear(DataflowEndpoint endpoint) => SetText(endpoint, null).Endpoint;

    public override string ToString() => Path;
}
