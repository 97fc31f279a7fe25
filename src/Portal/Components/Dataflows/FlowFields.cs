using System.Collections.Immutable;
using Portal.Drafts;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;
using Portal.Resources;
using InputKind = Portal.Model.Fields.FieldInput;
using Words = Portal.Resources.Text;

namespace Portal.Components.Dataflows;

/// <summary>Paths of the dataflow form, and the views that its inputs show.</summary>
internal static class FlowFields
{
    public const string Name = DataflowDraft.NamePath, SourceEndpoint = "sourceSettings.endpointRef", Topics = "sourceSettings.dataSources",
        Filters = "builtInTransformationSettings.filter", Maps = "builtInTransformationSettings.map", OutputSchema = "builtInTransformationSettings.schemaRef",
        DestinationEndpoint = "destinationSettings.endpointRef", DestinationTopic = "destinationSettings.dataDestination", Headers = "destinationSettings.headers",
        Profile = "profileRef", Mode = "mode";

    /// <summary>Kinds of a map rule with their words.</summary>
    public static ImmutableArray<FieldChoice> MapKinds { get; } =
        [.. Enum.GetValues<MapType>().Select(kind => new FieldChoice(kind.ToString(), Words.Get("MapKind_" + kind)))];

    public static ImmutableArray<FieldChoice> HeaderActions { get; } =
        [.. Enum.GetValues<HeaderAction>().Select(action => new FieldChoice(action.ToString(), Words.Get("HeaderAction_" + action)))];

    /// <summary>Path of one item of a list.</summary>
    public static string At(string path, int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}[{index}]");

    public static FieldView View(DataflowEditor editor, string path, string label, InputKind input, string? text, string? help = null) => new(path, label, input)
    {
        Text = string.IsNullOrEmpty(text) ? null : text,
        Help = help,
        Problems = ProblemsAt(editor, path),
        IsChanged = editor.Draft.IsChanged(path),
        BaseText = editor.Draft.Changes.FirstOrDefault(change => change.Path == path)?.Before,
    };

    /// <summary>What is said of exactly this field.</summary>
    public static ImmutableArray<Finding> ProblemsAt(IResourceEditor editor, string path) => [.. editor.Problems.Where(finding => finding.Path == path)];

    /// <summary>What is said of a list or a row and of nothing that has an input of its own.</summary>
    public static ImmutableArray<Finding> ProblemsOf(IResourceEditor editor, string row, params IReadOnlyCollection<string> inputs) =>
        [.. editor.Problems.Where(finding => (finding.Path == row || finding.Path.StartsWith(row + ".", StringComparison.Ordinal)) && !inputs.Contains(finding.Path))];

    public static FieldView OfName(DataflowEditor editor) => View(editor, Name, Words.Field_Name, InputKind.Text, editor.Draft.Current.Name, editor.Draft.IsNew ? Words.Field_NameHelp : Words.Field_NameLocked) with
    {
        Example = editor.Draft.IsNew ? "press-telemetry" : null,
        IsRequired = true,
        Locked = editor.Draft.IsNew ? null : Words.Field_NameLocked,
    };

    public static FieldView OfDestinationTopic(DataflowEditor editor)
    {
        var isKafka = editor.Destination?.Settings?.Wire is Wire.Kafka;
        return View(editor, DestinationTopic, Words.FlowForm_Topic, InputKind.Text, editor.Draft.Current.Destination?.DataDestination, isKafka ? Words.FlowForm_TopicKafkaHelp : Words.FlowForm_TopicMqttHelp) with
        {
            Example = isKafka ? "line3-telemetry" : "plant/${inputTopic.2}/telemetry",
            IsRequired = true,
        };
    }

    public static FieldView OfProfile(DataflowEditor editor)
    {
        var chosen = editor.Draft.Current.Profile;
        var profiles = editor.Draft.Surroundings.Profiles.Select(profile => new FieldChoice(profile.Name, Words.FlowForm_ProfileChoice.With(profile.Name, profile.Instances))).ToList();
        if (!profiles.Exists(profile => profile.Value == chosen))
            profiles.Insert(0, new FieldChoice(chosen, Words.FlowForm_ProfileMissing.With(chosen)));
        return View(editor, Profile, Words.FlowForm_Profile, InputKind.Choice, chosen, Words.FlowForm_ProfileHelp) with { Choices = [.. profiles], IsRequired = true, Default = Dataflow.DefaultProfile };
    }

    public static FieldView OfMode(DataflowEditor editor) =>
        View(editor, Mode, Words.FlowForm_Mode, InputKind.Switch, editor.Draft.Current.Mode?.ToString(), editor.Draft.Current.IsEnabled ? Words.FlowForm_ModeOn : Words.FlowForm_ModeOff) with { Default = nameof(OperationalMode.Enabled) };
}
