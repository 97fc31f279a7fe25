using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;

namespace Portal.Messaging.Probes;

/// <summary>The Kafka client of a test: collects what the library reports and runs its blocking calls in slices that can be cancelled.</summary>
internal sealed class KafkaProbeSession : IAsyncDisposable
{
    private const int ClosedForGood = 3;
    private static readonly TimeSpan _firstSlice = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestSlice = TimeSpan.FromSeconds(2);

    private readonly IAdminClient _client;
    private readonly KafkaTokens? _tokens;
    private readonly TaskCompletionSource<Problem> _decisive = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _asked = Task.CompletedTask;
    private int _closed;

    public KafkaProbeSession(KafkaClientSettings settings, ConnectionMaterial material, TimeProvider clock)
    {
        NativeLibrdkafka.EnsureLoaded();
        Settings = settings;
        _tokens = settings.UsesTokens && material.Tokens is { } tokens ? new KafkaTokens(tokens, clock) : null;
        var builder = new AdminClientBuilder(settings.Client())
            .SetErrorHandler((_, error) => Note(error))
            .SetLogHandler((_, line) => NoteClosed(line));
        if (_tokens is not null)
        {
            _tokens.Failed += problem => _decisive.TrySetResult(problem);
            builder.SetOAuthBearerTokenRefreshHandler(_tokens.Refresh);
        }
        _client = builder.Build();
    }

    public KafkaClientSettings Settings { get; }

    /// <summary>Builds another client of the endpoint with the same tokens.</summary>
    public Action<IClient, string>? TokenRefresh => _tokens is null ? null : _tokens.Refresh;

    /// <summary>Repeats a call of the client with growing time limits until it answers, a problem is certain, or it is cancelled.</summary>
    public async Task<(T? Answer, Problem? Problem)> AskAsync<T>(Func<IAdminClient, TimeSpan, T> call, CancellationToken cancellationToken)
    {
        for (var slice = _firstSlice; ; slice = slice * 2 < _longestSlice ? slice * 2 : _longestSlice)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var asked = Task.Run(() => call(_client, slice), CancellationToken.None);
                _asked = asked;
                return (await asked, null);
            }
            catch (KafkaException e)
            {
                if (_decisive.Task.IsCompleted)
                    return (default, await _decisive.Task);
                if (e.Error.Code is not (ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_AllBrokersDown or ErrorCode.RequestTimedOut))
                    return (default, KafkaProblems.ExplainAny(e.Error, Settings.Mechanism));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Freeing the library's client under a call that runs would crash the process; it ends with its slice.
        await _asked.ContinueWith(_ => { }, TaskScheduler.Default);
        if (_tokens is not null)
            await _tokens.DisposeAsync();
        await Task.Run(_client.Dispose);
    }

    // A broker that closes is no error to the library, which tries again for ever; it only logs it.
    // The third time in a row counts, and nothing of the line is passed on.
    private void NoteClosed(LogMessage line)
    {
        if (line.Facility == "FAIL" && KafkaProblems.ExplainClosed(line.Message, Settings.Mechanism) is { } problem && Interlocked.Increment(ref _closed) >= ClosedForGood)
            _decisive.TrySetResult(problem);
    }

    private void Note(Error error)
    {
        if (KafkaProblems.Explain(error, Settings.Mechanism) is { } problem)
            _decisive.TrySetResult(problem);
    }
}
