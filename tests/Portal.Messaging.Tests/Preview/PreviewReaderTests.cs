using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Messaging.Connections;
using Portal.Messaging.Preview;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Preview;

public sealed class PreviewReaderTests
{
    private readonly FakeTimeProvider _time = new(Messages.Time);
    private readonly FakeSource _source = new();
    private int _looks;

    [Fact]
    public async Task A_failed_reader_says_why_and_when_it_tries_again_and_waits_longer_each_time()
    {
        await using var reader = Start(out var buffer);
        var delays = new List<TimeSpan>();
        for (var attempt = 1; attempt <= 9; attempt++)
        {
            await Wait.UntilAsync(() => _source.Attempts == attempt, $"attempt {attempt} begins");
            _source.Fail(new Problem("tcp-refused", "Nothing listens.", "Start it."));
            await Wait.UntilAsync(() => buffer.Status.NextTry is not null, "the next attempt is announced");
            var status = buffer.Status;
            Assert.Equal((PreviewState.Failed, "tcp-refused", "Nothing listens.", "Start it."), (status.State, status.Cause, status.Explanation, status.Fix));
            delays.Add(status.NextTry!.Value - _time.GetUtcNow());
            _time.Advance(delays[^1]);
        }

        Assert.InRange(delays[0].TotalSeconds, 0.25, 0.5);
        Assert.InRange(delays[1].TotalSeconds, 0.5, 1);
        Assert.InRange(delays[8].TotalSeconds, 15, 30);
    }

    [Fact]
    public async Task A_connection_that_held_lets_the_delay_start_over()
    {
        await using var reader = Start(out var buffer);
        for (var attempt = 1; attempt <= 8; attempt++)
        {
            await FailAsync(buffer, attempt);
            _time.Advance(TimeSpan.FromSeconds(30));
        }

        await Wait.UntilAsync(() => _source.Attempts == 9, "it tries again");
        buffer.Set(PreviewState.Reading);
        _time.Advance(TimeSpan.FromMinutes(5));
        _source.Fail(new Problem("connection-lost", "Lost.", ""));
        await Wait.UntilAsync(() => buffer.Status.NextTry is not null, "the next attempt is announced");

        Assert.InRange((buffer.Status.NextTry!.Value - _time.GetUtcNow()).TotalSeconds, 0.25, 0.5);
    }

    [Fact]
    public async Task What_nobody_foresaw_is_a_failure_like_others()
    {
        await using var reader = Start(out var buffer);
        await Wait.UntilAsync(() => _source.Attempts == 1, "it tries");
        _source.Throw(new NotSupportedException("odd"));
        await Wait.UntilAsync(() => buffer.Status.State is PreviewState.Failed, "it fails");

        Assert.Equal("preview-failed", buffer.Status.Cause);
        Assert.NotNull(buffer.Status.NextTry);
    }

    [Fact]
    public async Task Ending_closes_the_connection_and_says_so()
    {
        var reader = Start(out var buffer);
        await Wait.UntilAsync(() => _source.Attempts == 1, "it tries");

        await Wait.ForAsync(reader.DisposeAsync().AsTask(), "the reader ends");

        Assert.Equal(PreviewState.Closed, buffer.Status.State);
        Assert.True(_source.WasCancelled);
    }

    [Fact]
    public async Task A_failure_to_connect_is_looked_at_closer_once_for_each_cause_in_a_row()
    {
        await using var reader = Start(out var buffer);
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            await Wait.UntilAsync(() => _source.Attempts == attempt, $"attempt {attempt} begins");
            _source.Throw(new ConnectionException(new Problem(attempt < 4 ? "signin-closed" : "tcp-refused", "", "")));
            await Wait.UntilAsync(() => buffer.Status.NextTry is not null, "the next attempt is announced");
            Assert.Equal("closer-" + (attempt < 4 ? 1 : 2), buffer.Status.Cause);
            _time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    private Task<Problem> LookCloserAsync(Problem problem, CancellationToken cancellationToken) =>
        Task.FromResult(problem with { Cause = $"closer-{++_looks}" });

    private PreviewReader Start(out PreviewBuffer buffer)
    {
        buffer = new PreviewBuffer(_time);
        var reader = new PreviewReader(_source, buffer, LookCloserAsync, _time, NullLogger.Instance);
        reader.Start();
        return reader;
    }

    private async Task FailAsync(PreviewBuffer buffer, int attempt)
    {
        await Wait.UntilAsync(() => _source.Attempts == attempt, $"attempt {attempt} begins");
        _source.Fail(new Problem("tcp-refused", "Nothing listens.", "Start it."));
        await Wait.UntilAsync(() => buffer.Status.NextTry is not null, "the next attempt is announced");
    }

    private sealed class FakeSource : IPreviewSource
    {
        private TaskCompletionSource<Problem> _ends = New();

        public int Attempts { get; private set; }

        public bool WasCancelled { get; private set; }

        public void Fail(Problem problem) => Interlocked.Exchange(ref _ends, New()).SetResult(problem);

        public void Throw(Exception failure) => Interlocked.Exchange(ref _ends, New()).SetException(failure);

        public async Task<Problem> ReadAsync(PreviewBuffer buffer, CancellationToken cancellationToken)
        {
            var ends = _ends;
            Attempts++;
            try
            {
                return await ends.Task.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                WasCancelled = true;
                throw;
            }
        }

        private static TaskCompletionSource<Problem> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
