using System.Collections.Immutable;
using Portal.Model.Endpoints;

namespace Portal.Model.Fields;

/// <summary>The field tables: one a family, in the order of the form.</summary>
public static partial class EndpointFields
{
    /// <summary>Fields of Kafka endpoints.</summary>
    public static ImmutableArray<EndpointField> Kafka { get; } = [.. Common(Wire.Kafka, basic: true), .. KafkaAuthentication(), .. Common(Wire.Kafka, basic: false), .. KafkaAdvanced()];

    /// <summary>Fields of MQTT endpoints.</summary>
    public static ImmutableArray<EndpointField> Mqtt { get; } = [.. Common(Wire.Mqtt, basic: true), .. MqttAuthentication(), .. Common(Wire.Mqtt, basic: false), .. MqttAdvanced()];

    /// <summary>The fields of a family.</summary>
    public static ImmutableArray<EndpointField> For(Wire wire) => wire is Wire.Kafka ? Kafka : Mqtt;

    /// <summary>The fields of a kind.</summary>
    public static ImmutableArray<EndpointField> For(EndpointKind kind) => For(kind.Wire);

    /// <summary>The fields of an endpoint; none for a type that is not edited.</summary>
    public static ImmutableArray<EndpointField> For(DataflowEndpoint endpoint) => endpoint.Settings is null ? [] : For(endpoint.Settings.Wire);

    /// <summary>The field at a path below <c>spec</c> (a leading <c>spec.</c> is taken too); null when there is none.</summary>
    public static EndpointField? Find(Wire wire, string path)
    {
        var below = path.StartsWith("spec.", StringComparison.Ordinal) ? path[5..] : path;
        return For(wire).FirstOrDefault(field => field.Path == below);
    }

    /// <summary>Choices from an enum's names with labels and help in the same order.</summary>
    private static ImmutableArray<FieldChoice> Choices(params (object Value, string Label, string? Help)[] choices) =>
        [.. choices.Select(choice => new FieldChoice(choice.Value.ToString()!, choice.Label, choice.Help))];

    // Computed, not stored: the tables above are initialised first.
    private static ImmutableArray<FieldChoice> OnOff => Choices(
        (OperationalMode.Enabled, "Enabled", null),
        (OperationalMode.Disabled, "Disabled", null));
}
