using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Portal.Messaging.Connections;
using Portal.Messaging.Preview;

namespace Portal.Messaging.Flows;

/// <summary>What one instance of a dataflow is made of.</summary>
/// <param name="Id">Number of the instance, from 0.</param>
/// <param name="Window">Most messages in flight.</param>
/// <param name="LookCloser">Finds better words for a failure that has many reasons.</param>
internal sealed record FlowParts(
    string Dataflow, int Id, int Window, MessageTranslator Translator, FlowTracer Tracer, IFlowSource Source, IFlowSink Sink, Func<FlowSide, Problem, CancellationToken, Task<Problem>> LookCloser);

/// <summary>
/// Runs one instance: source, translation, send, bounded window, confirmation in order, acknowledgement. Keeps both sides
/// connected, each with a growing delay of its own.
/// </summary>
internal sealed class FlowPump : IFlowIntake, IFlowOutlet, IAsyncDisposable
{
    private readonly FlowParts _parts;
    private readonly FlowLimits _limits;
    private readonly FlowErrors _errors;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _sending = new();
    private long _cursor;
    private volatile bool _isSinkReady;
    private readonly TaskCompletionSource _exhausted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _source = Task.CompletedTask;
    private Task _sink = Task.CompletedTask;

    public FlowPump(FlowParts parts, FlowLimits limits, FlowErrors errors, TimeProvider time, ILogger logger)
    {
        (_parts, _limits, _errors, _time, _logger) = (parts, limits, errors, time, logger);
        Counters = new FlowCounters(time);
        Window = new FlowWindow(parts.Window, limits.WindowBytes, Counters, parts.Source.Acknowledge, time);
        Sides = new FlowSides(time);
    }

    public int Id => _parts.Id;

    public FlowCounters Counters { get; }

    public FlowWindow Window { get; }

    public FlowSides Sides { get; }

    public bool IsFull => Window.IsFull;

    public bool IsEmpty => Window.Head == Window.Tail;

    /// <summary>Completes when the source has nothing more to read, ever; not when the instance is stopped before.</summary>
    public Task Exhausted => _exhausted.Task;

    public FlowLedger Ledger => Counters.Ledger(() => Window.Tail);

    public void Start()
    {
        _source = Task.Run(() => KeepAsync(FlowSide.Source, stop => _parts.Source.RunAsync(this, stop)));
        _sink = Task.Run(() => KeepAsync(FlowSide.Destination, async stop => await _parts.Sink.RunAsync(this, stop)));
    }

    /// <summary>Takes nothing more, waits for what is in flight as long as the limit allows, and closes both connections.</summary>
    public async ValueTask DisposeAsync()
    {
        Sides.IsStopping = true;
        using var limit = new CancellationTokenSource(_limits.Drain, _time);
        try
        {
            await Window.DrainAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What was not confirmed stays unread at the source.
            Log.NotDrained(_logger, _parts.Dataflow, Id, Window.Tail - Window.Head);
        }

        await _stop.CancelAsync();
        await Task.WhenAll(_source, _sink);
        _stop.Dispose();
    }

    public Task RoomAsync(CancellationToken cancellationToken) => Window.RoomAsync(cancellationToken);

    public void Add(Message message, ushort packetId, int generation)
    {
        Window.Add(message, packetId, generation, _parts.Tracer.Begin(message));
        SendMore();
        // The source waits for acknowledgements now, and they for the destination.
        if (Window.Tail - Window.Head >= _parts.Window - 1)
            _parts.Sink.Hurry();
    }

    public void SourceIs(Problem? problem) => SideIs(FlowSide.Source, problem);

    public void Connected()
    {
        lock (_sending)
        {
            _cursor = Window.Head;
            _isSinkReady = true;
        }

        SideIs(FlowSide.Destination, null);
        SendMore();
    }

    public void SinkIs(Problem? problem)
    {
        _isSinkReady = problem is null;
        SideIs(FlowSide.Destination, problem);
        SendMore();
    }

    public void SendMore()
    {
        lock (_sending)
        {
            while (_isSinkReady && _cursor < Window.Tail && SendNext(Window.At(_cursor)))
                _cursor++;
        }
    }

    public void End(FlowSlot slot, FlowOutcome outcome) => Window.End(slot, outcome);

    public void Reject(FlowSlot slot, Problem problem)
    {
        Note(FlowSide.Message, problem);
        slot.Trace?.Fail(problem.Cause);
        Window.End(slot, FlowOutcome.Rejected);
    }

    public void DropHeader(string reason) => Counters.DropHeaders(reason);

    /// <returns>False when the sink does not take it now.</returns>
    private bool SendNext(FlowSlot slot)
    {
        if (slot.IsDone)
            return true;
        var translation = Translate(slot);
        if (translation.Message is null)
        {
            if (translation.Drop is DropReason.Untranslatable)
            {
                slot.Trace?.Fail("message-untranslatable");
                Note(FlowSide.Message, new Problem("message-untranslatable", translation.Why ?? "The message has no form at the destination.", ""));
            }

            Window.End(slot, (FlowOutcome)((int)translation.Drop! + 1));
            return true;
        }

        slot.SentBytes = translation.Message.Payload.Length;
        slot.Trace?.Sending(translation.Message);
        if (_parts.Sink.Send(slot, translation.Message) is not FlowSend.NotNow)
            return true;
        slot.Trace?.NotSent();
        return false;
    }

    private Translation Translate(FlowSlot slot)
    {
        var now = _time.GetUtcNow();
        var message = slot.Message;
        if (slot.Translation is { } earlier)
            return _parts.Translator.Refresh(earlier, message, message.Timestamp, now);
        var translation = _parts.Translator.Translate(message, message.Timestamp, now);
        slot.Translation = translation;
        if (!translation.Headers.IsEmpty)
            HeaderReasons.Count(translation.Headers, Counters);
        return translation;
    }

    private void SideIs(FlowSide side, Problem? problem)
    {
        var error = problem is null ? null : Note(side, problem);
        Sides.Set(side, error);
    }

    private FlowError Note(FlowSide side, Problem problem)
    {
        var error = _errors.Note(side, problem);
        if (error.Count == 1)
            Log.FlowProblem(_logger, _parts.Dataflow, Id, side, problem.Cause, problem.Explanation);
        return error;
    }

    private async Task KeepAsync(FlowSide side, Func<CancellationToken, Task<Problem?>> run)
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var head = Window.Head;
                if (await TryAsync(side, run) is not { } problem)
                {
                    _exhausted.SetResult();
                    return;
                }

                if (side is FlowSide.Destination)
                    EndSending();
                // A connection that brought something to its end, or held for a while, was a good one; one that breaks at once would else be tried for ever without a pause.
                failures = Window.Head > head || Sides.HeldFor(side) > ReconnectDelay.Longest ? 1 : failures + 1;
                SideIs(side, problem);
                await Task.Delay(ReconnectDelay.After(failures, Random.Shared.NextDouble()), _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The flow was stopped.
        }
    }

    private void EndSending()
    {
        lock (_sending)
            _isSinkReady = false;
    }

    private async Task<Problem?> TryAsync(FlowSide side, Func<CancellationToken, Task<Problem?>> run)
    {
        using var activity = FlowTraces.Source.StartActivity($"portal.flow.connection {_parts.Dataflow}", ActivityKind.Client);
        activity?.SetTag("portal.dataflow", _parts.Dataflow).SetTag("portal.flow.instance", Id).SetTag("portal.flow.side", side.ToString());
        try
        {
            var problem = await run(_stop.Token);
            if (problem is not null)
                activity?.SetStatus(ActivityStatusCode.Error, problem.Cause);
            return problem;
        }
        catch (ConnectionException e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Problem.Cause);
            return await _parts.LookCloser(side, e.Problem, _stop.Token);
        }
        catch (Exception e) when (!_stop.IsCancellationRequested)
        {
            // Nobody foresaw this one: the flow must live on, and the log must tell.
            activity?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            Log.FlowFailed(_logger, e, _parts.Dataflow, Id);
            return new Problem("flow-failed", $"The flow failed unexpectedly: {e.Message}", "Look into the log of the portal; the flow tries again by itself.");
        }
    }
}
