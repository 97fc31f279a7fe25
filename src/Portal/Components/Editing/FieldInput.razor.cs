using Microsoft.AspNetCore.Components;
using Portal.Drafts;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;
using Portal.Resources;
using InputKind = Portal.Model.Fields.FieldInput;

namespace Portal.Components.Editing;

public sealed partial class FieldInput
{
    private const string On = nameof(OperationalMode.Enabled);
    private const string Off = nameof(OperationalMode.Disabled);
    private FieldView? _shown;
    private bool _plain;

    [Parameter, EditorRequired] public FieldView View { get; set; } = null!;

    /// <summary>What was typed or chosen; empty = unset.</summary>
    [Parameter] public EventCallback<string?> OnText { get; set; }

    [Parameter] public EventCallback OnClear { get; set; }

    [Parameter] public EventCallback OnRevert { get; set; }

    [Parameter] public EventCallback OnFocus { get; set; }

    /// <summary>What stands at the right of the control, for example a button.</summary>
    [Parameter] public RenderFragment? Beside { get; set; }

    /// <summary>What belongs to the field and stands under its messages.</summary>
    [Parameter] public RenderFragment? ChildContent { get; set; }

    private string? Value => View.Text;

    private bool IsOn => (View.Text ?? View.Default) != Off;

    private string HelpId => View.Id + "-help";

    private string MessageId => View.Id + "-msg";

    // The words of small buttons leave the label out, so that a label finds its input alone.
    private string LabelId => View.Id + "-label";

    private string? ListId => View.Suggestions.IsEmpty ? null : View.Id + "-list";

    private string DescribedBy => View.Problems.IsEmpty ? HelpId : $"{MessageId} {HelpId}";

    private string? Invalid => Worst is Severity.Error ? "true" : null;

    private string? Required => View.IsRequired ? "true" : null;

    private Severity? Worst => View.Problems.IsEmpty ? null : View.Problems.Max(finding => finding.Severity);

    private IEnumerable<FieldChoice> Plain => View.Choices.Where(choice => !View.SchemaOnly.Contains(choice.Value));

    private string? ChoiceHelp => View.Input is InputKind.Choice ? View.Choices.FirstOrDefault(choice => choice.Value == (View.Text ?? View.Default))?.Help : null;

    private string ResetLabel => View.Default is null ? Text.Field_Clear : Text.Field_Reset;

    private string? EffectNote => View.Effect is FieldEffect.Always ? null : Text.Get("Effect_" + View.Effect);

    private string BoxClass => string.Join(' ', new[]
    {
        "in",
        View.Input is InputKind.Choice or InputKind.Switch ? null : "mono",
        View.Input is InputKind.Switch ? "swb" : null,
        View.Locked is null ? null : "ro",
        Worst switch { Severity.Error => "is-err", Severity.Warning => "is-warn", _ => null },
    }.OfType<string>());

    // Typing in one field must not render the others. Fragments come from the form, so a field with one always renders.
    protected override bool ShouldRender() => !_plain || Beside is not null || ChildContent is not null || View != _shown;

    // When it renders, not when it is asked to: the view may be another by then.
    private void Shown() => (_shown, _plain) = (View, Beside is null && ChildContent is null);
}
