using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;
using Portal.Resources;
using InputKind = Portal.Model.Fields.FieldInput;
using Words = Portal.Resources.Text;

namespace Portal.Drafts;

/// <summary>Everything that the one field input shows. Two equal views look the same.</summary>
/// <param name="Path">Full path, as findings write it.</param>
/// <param name="Label">Label of the form.</param>
/// <param name="Input">Control.</param>
public sealed record FieldView(string Path, string Label, InputKind Input)
{
    private static readonly ConcurrentDictionary<(EndpointKind, EndpointField), ImmutableArray<FieldChoice>> ChoicesOfKind = new();

    /// <summary>Id of the input element.</summary>
    public string Id => IdOf(Path);

    /// <summary>What stands in the input; null = not set.</summary>
    public string? Text { get; init; }

    public string? Help { get; init; }

    public string? Example { get; init; }

    /// <summary>What applies when nothing is set, or what to do.</summary>
    public string? Placeholder { get; init; }

    /// <summary>Wire text that applies when nothing is set.</summary>
    public string? Default { get; init; }

    public string? Unit { get; init; }

    public FieldEffect Effect { get; init; }

    public ImmutableArray<FieldChoice> Choices { get; init; } = [];

    /// <summary>Values among the choices that only the schema knows.</summary>
    public ImmutableArray<string> SchemaOnly { get; init; } = [];

    /// <summary>Names to pick from; another may be typed.</summary>
    public ImmutableArray<string> Suggestions { get; init; } = [];

    public ImmutableArray<Finding> Problems { get; init; } = [];

    public bool IsOptional { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>True when it differs from what is stored.</summary>
    public bool IsChanged { get; init; }

    /// <summary>What is stored, for the tooltip of revert.</summary>
    public string? BaseText { get; init; }

    /// <summary>Why it cannot be changed; null = it can.</summary>
    public string? Locked { get; init; }

    /// <summary>True when resetting to the default would change something.</summary>
    public bool CanReset => Text is not null && !IsRequired && Locked is null;

    public static string IdOf(string path) => "f-" + path.Replace('.', '-').Replace('_', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal);

    public static FieldView OfName(EndpointEditor editor) => new(EndpointDraft.NamePath, Words.Field_Name, InputKind.Text)
    {
        Text = editor.Draft.Current.Name,
        Help = NameHelp(editor),
        Example = editor.Draft.IsNew ? "line3-broker" : null,
        IsRequired = true,
        Locked = editor.Draft.IsNew ? null : NameHelp(editor),
        Problems = [.. editor.Problems.Where(finding => finding.Path == EndpointDraft.NamePath)],
    };

    public static FieldView Of(EndpointField field, EndpointEditor editor)
    {
        var draft = editor.Draft;
        return new FieldView(field.FullPath, field.Label, field.Input)
        {
            Text = draft.TextOf(field),
            Help = HelpOf(field, draft),
            Example = ExampleOf(field, draft.Kind),
            Placeholder = PlaceholderOf(field, draft.Current),
            Default = field.Default,
            Unit = field.Unit,
            Effect = field.Effect,
            Choices = ChoicesOfKind.GetOrAdd((draft.Kind, field), key => ChoicesFor(key.Item1, key.Item2)),
            SchemaOnly = IsMethod(field) ? SchemaOnlyOf(draft.Kind) : [],
            Suggestions = field.Input is InputKind.Secret ? editor.References.SyncedNames : field.Input is InputKind.ConfigMap ? editor.References.ConfigMapNames : [],
            Problems = [.. editor.Problems.Where(finding => finding.Path == field.FullPath)],
            IsOptional = field.Tab is FieldTab.Basic && !field.IsRequired,
            IsRequired = field.IsRequired,
            IsChanged = draft.IsChanged(field.FullPath),
            BaseText = draft.BaseTextOf(field),
            Locked = IsTlsMode(field) && draft.Kind.RequiresTls && draft.Current.Settings!.UsesTls ? Words.Field_TlsForced.With(draft.Kind.DisplayName) : null,
        };
    }

    private static string NameHelp(EndpointEditor editor) => editor.Draft.IsNew ? Words.Field_NameHelp : editor.Users.Count switch
    {
        0 => Words.Field_NameLocked,
        1 => Words.Field_NameLockedOne,
        var count => Words.Field_NameLockedMany.With(count),
    };

    // Methods stand in the order of the kind, the usual one first.
    private static ImmutableArray<FieldChoice> ChoicesFor(EndpointKind kind, EndpointField field) => IsMethod(field)
        ? [.. kind.AllMethods.Select(method => field.Choices.First(choice => choice.Value == method.ToString()))]
        : [.. field.ChoicesFor(kind)];

    private static bool IsMethod(EndpointField field) => field.Path.EndsWith(".authentication.method", StringComparison.Ordinal);

    private static bool IsTlsMode(EndpointField field) => field.Path.EndsWith(".tls.mode", StringComparison.Ordinal);

    private static bool IsHost(EndpointField field) => field.Path.EndsWith("Settings.host", StringComparison.Ordinal);

    private static readonly ConcurrentDictionary<EndpointKind, ImmutableArray<string>> SchemaOnlyOfKind = new();

    private static ImmutableArray<string> SchemaOnlyOf(EndpointKind kind) =>
        SchemaOnlyOfKind.GetOrAdd(kind, of => [.. of.SchemaOnlyMethods.Select(method => method.ToString())]);

    private static string HelpOf(EndpointField field, EndpointDraft draft)
    {
        if (IsHost(field))
            return $"{field.Help} {(draft.Current.Settings!.UsesTls ? Words.Field_HostTlsOn : Words.Field_HostTlsOff)}";
        return field.Range is { } range && field.Input is InputKind.Number
            ? $"{field.Help} {Words.Field_Range.With(range.Least, range.Most)}"
            : field.Help;
    }

    private static string? ExampleOf(EndpointField field, EndpointKind kind) => IsHost(field) ? kind.HostExample : field.DerivedDefault is null ? field.Example : null;

    private static string? PlaceholderOf(EndpointField field, DataflowEndpoint endpoint)
    {
        if (field.DerivedDefault?.Invoke(endpoint) is { } derived)
            return derived.Contains(' ', StringComparison.Ordinal) ? derived : Words.Field_Default.With(derived);
        if (field.Default is not { } wire)
            return field.Input switch
            {
                InputKind.Choice => Words.Field_Choose,
                InputKind.Secret or InputKind.ConfigMap => Words.Field_Pick,
                _ => null,
            };
        var text = field.Choices.FirstOrDefault(choice => choice.Value == wire)?.Label ?? Grouped(wire);
        return Words.Field_Default.With(field.Unit is null ? text : $"{text} {field.Unit}");
    }

    private static string Grouped(string wire) =>
        long.TryParse(wire, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 9999 ? number.ToString("N0", CultureInfo.InvariantCulture) : wire;
}
