using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;
using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Messaging.Flows;
using Portal.Messaging.Preview;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Validation;
using Portal.Resources;
using Message = Portal.Messaging.Message;

namespace Portal.Components.Dataflows;

public sealed partial class InspectorCard(IPreviewService previews, BrowserInfo browser, TimeProvider clock)
{
    private static readonly JsonDocumentOptions LenientJson = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    private readonly string _id = Ids.New("inspector");
    private bool _live;
    private bool _started;
    private bool _waiting;
    private bool _gone;
    private string _text = "";
    private string? _mistake;
    private string? _blocked;
    private (Dataflow?, DataflowEndpoint?, DataflowEndpoint?) _seen;
    private LiveMessages? _messages;
    private PreviewMessage? _shown;
    private Message? _typed;
    private MessageTranslator? _translator;
    private Explanation? _explanation;

    /// <summary>The dataflow, stored or not.</summary>
    [Parameter, EditorRequired] public Dataflow Flow { get; set; } = null!;

    [Parameter] public DataflowEndpoint? Source { get; set; }

    [Parameter] public DataflowEndpoint? Destination { get; set; }

    /// <summary>Begins with live traffic, else with a sample.</summary>
    [Parameter] public bool StartsLive { get; set; }

    private BrowserInfo Browser => browser;

    public async ValueTask DisposeAsync()
    {
        _gone = true;
        if (_messages is { } messages)
            await messages.DisposeAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_seen == (Flow, Source, Destination))
            return;
        var newSource = _seen.Item2 != Source || _seen.Item1?.Source != Flow.Source;
        _seen = (Flow, Source, Destination);
        Plan();
        if (!_started)
        {
            _started = true;
            _text = FlowSamples.Of(Flow, Source)[0].Text;
            Parse();
            await ChooseAsync(StartsLive);
        }
        else if (newSource && _live)
        {
            await ListenAsync();
        }
        Explain();
    }

    private void Plan()
    {
        (_translator, _blocked) = (null, null);
        if (Source?.Settings is null || Destination?.Settings is null)
        {
            _blocked = Text.Inspector_NeedsEnds;
            return;
        }
        try
        {
            _translator = new MessageTranslator(FlowPlan.Create(Flow, Source, Destination, 0));
        }
        catch (ArgumentException problem)
        {
            _blocked = problem.Message;
        }
    }

    private async Task ChooseAsync(bool live)
    {
        (_live, _explanation) = (live, null);
        if (live && _messages is null)
            await ListenAsync();
        Explain();
    }

    private async Task ListenAsync()
    {
        var before = _messages;
        (_messages, _shown, _explanation) = (null, null, null);
        if (before is not null)
            await before.DisposeAsync();
        if (_gone || _messages is not null || Source?.Settings is null || Flow.Source is not { DataSources.Count: > 0 } read)
            return;
        _messages = new LiveMessages(previews, Source, read.DataSources);
        _ = NextAsync();
    }

    /// <summary>Shows the next message as soon as there is one.</summary>
    private async Task NextAsync()
    {
        if (_messages is not { } messages)
            return;
        _waiting = true;
        var next = await messages.NextAsync(_shown, () => InvokeAsync(StateHasChanged));
        if (_gone || messages != _messages)
            return;
        await InvokeAsync(() =>
        {
            (_waiting, _shown) = (false, next ?? _shown);
            Explain();
            StateHasChanged();
        });
    }

    private void Type(string? text)
    {
        _text = text ?? "";
        Parse();
        Explain();
    }

    private void Parse()
    {
        (_typed, _mistake) = (null, null);
        try
        {
            if (JsonNode.Parse(_text, null, LenientJson) is not JsonObject sample)
            {
                _mistake = Text.Inspector_NoObject;
                return;
            }
            var findings = new List<Finding>();
            _typed = SampleMessage.Read(sample, Source?.Settings?.Wire ?? Wire.Mqtt, clock.GetUtcNow(), "message", findings);
            _mistake = findings is [var first, ..] ? $"{first.Message} {first.Fix}" : null;
        }
        catch (JsonException mistake)
        {
            _mistake = Text.Inspector_NoJson.With(mistake.LineNumber + 1, mistake.BytePositionInLine + 1);
        }
    }

    private void Explain()
    {
        var now = clock.GetUtcNow();
        _explanation = (_translator, _live) switch
        {
            (null, _) => null,
            (_, true) => _shown is null ? null : _translator.Explain(_shown.Message, _shown.Received, now),
            _ => _typed is null ? null : _translator.Explain(_typed, now, now),
        };
    }
}
