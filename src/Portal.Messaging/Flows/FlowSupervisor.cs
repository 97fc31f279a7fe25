using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Messaging.Connections;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;

namespace Portal.Messaging.Flows;

/// <summary>Runs the dataflows that the store holds: starts, stops and starts anew what changes there, and keeps their counters.</summary>
internal sealed class FlowSupervisor(
    IResourceStore store, FlowFactory factory, FlowSnapshots snapshots, MessagingRole role, FlowLimits limits, IMeterFactory meters, TimeProvider time, ILogger<FlowSupervisor> logger)
    : BackgroundService, IFlowService
{
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, FlowRunner> _runners = new();
    private readonly Dictionary<string, FlowTotals> _saved = [];
    private readonly SemaphoreSlim _dirty = new(1, 1);

    public event Action<string>? Changed;

    public FlowStatus StatusOf(string dataflow) =>
        _runners.TryGetValue(dataflow, out var runner) ? runner.Status() : new FlowStatus { Name = dataflow, State = FlowState.Stopped };

    public IReadOnlyList<FlowStatus> All() => [.. _runners.Values.OrderBy(runner => runner.Name, StringComparer.Ordinal).Select(runner => runner.Status())];

    public IReadOnlyList<FlowPoint> HistoryOf(string dataflow) => _runners.TryGetValue(dataflow, out var runner) ? runner.History.Points : [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        FlowMetrics.Create(meters, this, time);
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach (var runner in _runners.Values)
            runner.Want(null, null);
        await Task.WhenAll(_runners.Values.Select(runner => runner.Working)).WaitAsync(cancellationToken);
        foreach (var runner in _runners.Values)
            Save(runner);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void OnChange(StoreChange change) => Wake();
        store.Changed += OnChange;
        try
        {
            await Task.WhenAll(ApplyAsync(stoppingToken), TickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            store.Changed -= OnChange;
        }
    }

    private void Wake()
    {
        lock (_dirty)
            if (_dirty.CurrentCount == 0)
                _dirty.Release();
    }

    private async Task ApplyAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _dirty.WaitAsync(stoppingToken);
            try
            {
                Apply(await store.ListAsync(stoppingToken));
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The dataflows that run go on; the next look may work.
                Log.SupervisorFailed(logger, e);
                await Task.Delay(_second, time, stoppingToken);
                Wake();
            }
        }
    }

    private void Apply(StoreListing listing)
    {
        var dataflows = listing.Of(ResourceKind.Dataflow).Select(stored => (Dataflow)stored.Value).ToDictionary(dataflow => dataflow.Name);
        foreach (var dataflow in dataflows.Values)
        {
            var (spec, problem) = !dataflow.IsEnabled || !role.Rule.Takes(dataflow, listing) ? (null, null)
                : role.Rule.Conflict(dataflow, listing) is { } conflict ? (null, conflict)
                : FlowFactory.Resolve(dataflow, listing);
            _runners.GetOrAdd(dataflow.Name, New).Want(spec, problem);
        }

        // A file that cannot be read just now stops nothing: it may be half written.
        var unreadable = listing.Problems.Select(problem => problem.Name).ToHashSet();
        foreach (var (name, runner) in _runners)
            if (!dataflows.ContainsKey(name) && !unreadable.Contains(name))
                Remove(runner);
    }

    private FlowRunner New(string name)
    {
        FlowTotals? totals = null;
        try
        {
            totals = snapshots.Load(name);
        }
        catch (IOException e)
        {
            Log.NotRead(logger, name, e.Message);
        }

        return new FlowRunner(name, totals, factory, limits, time, logger, Raise);
    }

    // Gone at once for whoever asks; what is in flight is finished behind.
    private void Remove(FlowRunner runner)
    {
        runner.Want(null, null);
        if (!runner.Working.IsCompleted)
        {
            _ = runner.Working.ContinueWith(_ => Wake(), TaskScheduler.Default);
            return;
        }

        _runners.TryRemove(runner.Name, out _);
        lock (_saved)
            _saved.Remove(runner.Name);
        try
        {
            snapshots.Delete(runner.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.NotSaved(logger, runner.Name, e.Message);
        }

        Raise(runner.Name);
    }

    private async Task TickAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_second, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var runner in _runners.Values)
            {
                Save(runner);
                if (runner.Tick())
                    Raise(runner.Name);
            }
        }
    }

    private void Save(FlowRunner runner)
    {
        var totals = runner.Totals();
        lock (_saved)
        {
            if (totals.Since is null || (_saved.TryGetValue(runner.Name, out var before) && before.Equals(totals)))
                return;
            try
            {
                snapshots.Save(runner.Name, totals);
                _saved[runner.Name] = totals;
            }
            catch (IOException e)
            {
                if (!_saved.ContainsKey(runner.Name) || before is not null)
                    Log.NotSaved(logger, runner.Name, e.Message);
                runner.Note(new Problem(
                    "counters-not-saved", $"The counters of the dataflow cannot be saved: {e.Message}",
                    "Make room on the disk of the data folder, and let the portal write there. Messages go on and none is lost; after a restart the counters would begin at the last saved ones."));
            }
        }
    }

    private void Raise(string dataflow) => Changed?.Invoke(dataflow);
}
