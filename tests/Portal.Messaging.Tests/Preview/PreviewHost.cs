using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portal.Messaging.Preview;
using Portal.Messaging.Tests.Support;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Preview;

/// <summary>The preview service as the portal composes it.</summary>
internal sealed class PreviewHost : IAsyncDisposable
{
    public ProbeFixture Parts { get; } = new();

    public IPreviewService Service => Parts.Services.GetRequiredService<IPreviewService>();

    public IPreview Open(DataflowEndpoint endpoint, string topic) => Service.Open(new PreviewRequest(endpoint, topic));

    /// <summary>Opens a view and waits until the broker has confirmed it.</summary>
    public async Task<IPreview> ReadAsync(PreviewRequest request)
    {
        var preview = Service.Open(request);
        await preview.WaitForAsync(PreviewState.Reading);
        return preview;
    }

    public Task<IPreview> ReadAsync(DataflowEndpoint endpoint, string topic) => ReadAsync(new PreviewRequest(endpoint, topic));

    public ValueTask DisposeAsync() => Parts.DisposeAsync();
}

internal static class PreviewExtensions
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    public static Task WaitForAsync(this IPreview preview, PreviewState state) =>
        Wait.UntilAsync(() => preview.Status.State == state, $"the preview is {state}", _limit, () => preview.Status.ToString());

    public static Task WaitForCountAsync(this IPreview preview, long count) =>
        Wait.UntilAsync(() => preview.Status.Received >= count, $"{count} messages came", _limit, () => preview.Status.ToString());

    /// <summary>Payloads in the order in which they came.</summary>
    public static IEnumerable<string> Payloads(this IPreview preview) =>
        preview.Newest(null, 1000).Reverse().Select(message => Encoding.UTF8.GetString(message.Message.Payload.Span));

    public static string Text(this MessageProperty property) =>
        $"{property.Name}={(property.Value is { } value ? Encoding.UTF8.GetString(value.Span) : "(null)")}";
}
