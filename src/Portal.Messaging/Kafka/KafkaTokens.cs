using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;

namespace Portal.Messaging.Kafka;

/// <summary>
/// Keeps the OAUTHBEARER token of one client fresh: give <see cref="Refresh"/> to the builder as refresh handler, and dispose before the client.
/// </summary>
internal sealed class KafkaTokens(ITokenSource source, TimeProvider clock) : IAsyncDisposable
{
    // The library wants a principal; brokers take the one in the token.
    private const string Principal = "portal";
    private static readonly TimeSpan _lifetimeWhenUnknown = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Why there is no token at the moment; null when there is one.</summary>
    public Problem? Failure { get; private set; }

    /// <summary>Raised when there is no token.</summary>
    public event Action<Problem>? Failed;

    /// <summary>Refresh handler of the client builders.</summary>
    public void Refresh(IClient client, string configuration)
    {
        lock (_gate)
            _running = RefreshAfterAsync(_running, client);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task running;
        lock (_gate)
            running = _running;
        await running;
        _stop.Dispose();
    }

    private async Task RefreshAfterAsync(Task previous, IClient client)
    {
        await previous;
        await Task.Yield();
        try
        {
            var token = await source.GetAsync(_stop.Token);
            var expires = token.Expires ?? clock.GetUtcNow() + _lifetimeWhenUnknown;
            client.OAuthBearerSetToken(token.Value, expires.ToUnixTimeMilliseconds(), Principal);
            Failure = null;
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The client is being closed and needs no token any more.
        }
        catch (ConnectionException e)
        {
            Report(client, e.Problem);
        }
        catch (KafkaException e)
        {
            Report(client, new Problem(
                "signin-token-refused", $"The Kafka client does not take the token: {e.Error.Reason}.",
                "Check the audience or scope of the endpoint, for example https://my-namespace.servicebus.windows.net/.default."));
        }
    }

    private void Report(IClient client, Problem problem)
    {
        Failure = problem;
        Failed?.Invoke(problem);
        client.OAuthBearerSetTokenFailure(problem.Explanation);
    }
}
