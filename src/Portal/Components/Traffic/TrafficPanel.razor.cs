using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using Portal.Components.Shared;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Preview;
using Portal.Model.Endpoints;

namespace Portal.Components.Traffic;

public sealed partial class TrafficPanel(IPreviewService previews, IDialogService dialogs, AgeTicker ticker, TimeProvider time) : IAsyncDisposable
{
    private const string Everything = "#";

    private readonly string _id = Ids.New("traffic");
    private TrafficFeed? _feed;
    private BrokerSettings? _settings;
    private MessageFilter _filter = MessageFilter.Parse(null);
    private PreviewMessage? _selected;
    private TrafficStart _start = TrafficStart.Now;
    private string _topic = "";
    private string? _given;
    private string _prefix = "";
    private bool _topicsOpen;

    /// <summary>The endpoint, stored or not.</summary>
    [Parameter, EditorRequired] public DataflowEndpoint Endpoint { get; set; } = null!;

    /// <summary>Topic to begin with; null = all topics of an MQTT endpoint, none of a Kafka endpoint.</summary>
    [Parameter] public string? Topic { get; set; }

    /// <summary>What stands at the left of the bar: title and picker of the page.</summary>
    [Parameter] public RenderFragment? Head { get; set; }

    /// <summary>The user chose another topic.</summary>
    [Parameter] public EventCallback<string> OnTopic { get; set; }

    private bool IsKafka => Endpoint.Settings?.Wire is Wire.Kafka;

    private bool IsPaused => _feed?.IsPaused is true;

    protected override void OnInitialized() => ticker.Tick += Tick;

    protected override async Task OnParametersSetAsync()
    {
        if (Endpoint.Settings is null || (Endpoint.Settings.Equals(_settings) && (Topic is null || Topic == _given || Topic == _topic)))
            return;
        if (_settings?.Wire != Endpoint.Settings.Wire || Topic != _given)
            _topic = Topic ?? (IsKafka ? "" : Everything);
        (_settings, _given) = (Endpoint.Settings, Topic);
        await OpenAsync();
    }

    private async Task ReopenAsync()
    {
        _topic = _topic.Trim();
        await OpenAsync();
        await OnTopic.InvokeAsync(_topic);
    }

    private Task StartAsync(TrafficStart start)
    {
        _start = start;
        return OpenAsync();
    }

    private async Task OpenAsync()
    {
        var before = _feed;
        (_feed, _selected) = (null, null);
        if (before is not null)
            await before.DisposeAsync();
        // While the old one closed, a newer call may have opened another.
        if (_feed is not null || _topic.Length == 0)
            return;
        var request = new PreviewRequest(Endpoint, _topic) { Start = _start.Kind, From = _start.From, Offset = _start.Offset };
        TrafficFeed? mine = null;
        mine = _feed = new TrafficFeed(previews.Open(request), request, _filter, time, () => InvokeAsync(() => Render(mine)));
        Render(mine);
    }

    private void Render(TrafficFeed? feed)
    {
        if (feed is null || feed != _feed)
            return;
        feed.Take();
        Prefix();
        StateHasChanged();
    }

    private void Prefix() => _prefix = IsKafka || _feed is null ? "" : TrafficWords.CommonPrefix(_feed.Rows.Select(row => row.Topic));

    private void SetFilter(string? text)
    {
        _filter = MessageFilter.Parse(text);
        if (_filter.Error is not null)
            return;
        _feed?.Filter(_filter);
        Prefix();
    }

    private void ChooseTopic(TopicNode node)
    {
        _topicsOpen = false;
        SetFilter(TopicTerm.Toggle(_filter.Text, node));
    }

    private void TogglePause()
    {
        if (IsPaused)
            _feed!.Resume();
        else
            _feed?.Pause();
    }

    private void Choose(TrafficRow row) => _selected = row.Message;

    private void Pressed(KeyboardEventArgs key)
    {
        var rows = _feed?.Rows ?? [];
        var at = rows.TakeWhile(row => row.Sequence != _selected?.Sequence).Count();
        var found = at < rows.Count;
        var next = key.Key switch { "ArrowDown" => found ? at + 1 : 0, "ArrowUp" => found ? at - 1 : 0, "Home" => 0, "End" => rows.Count - 1, _ => -1 };
        if (next >= 0 && next < rows.Count)
            _selected = rows[next].Message;
        else if (key.Key == "Escape")
            _selected = null;
    }

    private Task PublishAsync() =>
        PublishDialog.ShowAsync(dialogs, Endpoint, IsKafka || !TopicFilter.HasWildcard(_topic) ? _topic : _selected?.Message.Topic ?? "");

    private void Tick()
    {
        if (_feed is { Rows.Count: 0 })
            _ = InvokeAsync(StateHasChanged);
    }

    public async ValueTask DisposeAsync()
    {
        ticker.Tick -= Tick;
        if (_feed is { } feed)
        {
            _feed = null;
            await feed.DisposeAsync();
        }
    }
}
