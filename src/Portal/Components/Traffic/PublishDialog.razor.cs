using Microsoft.AspNetCore.Components;
using MudBlazor;
using Portal.Messaging.Preview;
using Portal.Model.Endpoints;

namespace Portal.Components.Traffic;

public sealed partial class PublishDialog(IPreviewService previews, TimeProvider time) : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private string? _problem;
    private string _topic = "";
    private DateTimeOffset? _acknowledged;
    private bool _busy;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    [Parameter, EditorRequired] public DataflowEndpoint Endpoint { get; set; } = null!;

    [Parameter] public string Topic { get; set; } = "";

    private PublishDraft Draft { get; set; } = null!;

    public static Task ShowAsync(IDialogService dialogs, DataflowEndpoint endpoint, string topic) =>
        dialogs.ShowAsync<PublishDialog>(null, new DialogParameters<PublishDialog> { { dialog => dialog.Endpoint, endpoint }, { dialog => dialog.Topic, topic } });

    protected override void OnInitialized() => Draft = new PublishDraft(Endpoint.Settings?.Wire is Wire.Kafka) { Topic = Topic };

    private async Task PublishAsync()
    {
        (_problem, _acknowledged) = (Draft.Problem(), null);
        if (_problem is not null)
            return;
        _busy = true;
        _topic = Draft.Topic.Trim();
        try
        {
            _problem = await previews.PublishAsync(Endpoint, Draft.ToMessage(time.GetUtcNow()), _closed.Token);
            _acknowledged = _problem is null ? time.GetUtcNow() : null;
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The dialog was closed; nobody waits for the answer.
        }
        finally
        {
            _busy = false;
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }
}
