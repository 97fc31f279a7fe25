using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace Portal.Components.Layout;

/// <summary>Keeps the shell alive when a page fails: says so, logs the reason, and leaves the way out.</summary>
public sealed partial class PageBoundary(ILogger<PageBoundary> logger) : ErrorBoundaryBase
{
    protected override Task OnErrorAsync(Exception exception)
    {
        PageFailed(logger, exception);
        return Task.CompletedTask;
    }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        if (CurrentException is null)
        {
            builder.AddContent(0, ChildContent);
            return;
        }
        builder.OpenComponent<PageFailure>(1);
        builder.AddComponentParameter(2, nameof(PageFailure.OnRetry), (Action)Recover);
        builder.CloseComponent();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A page failed while it was shown")]
    private static partial void PageFailed(ILogger logger, Exception exception);
}
