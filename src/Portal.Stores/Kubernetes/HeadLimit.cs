namespace Portal.Stores.Kubernetes;

/// <summary>
/// Limits the wait for the head of an answer, of watches too, which the client waits for without end: an API server begins the
/// answer to a watch at once, however long nothing happens after that.
/// </summary>
internal sealed class HeadLimit(TimeSpan limit) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(limit);
        return await base.SendAsync(request, either.Token).ConfigureAwait(false);
    }
}
