using Portal.Messaging;
using Portal.Messaging.Flows;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Targets;

namespace Portal.FlowHosts;

/// <summary>The dataflows of a portal that runs none itself: asks each flow host once a second, and remembers what it said last.</summary>
internal sealed partial class RemoteFlows : BackgroundService, IFlowService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<FlowHostClient> _clients;
    private readonly FlowHostView[] _views;
    private readonly string _target;
    private readonly FlowRule _rule;
    private readonly IResourceStore _store;
    private readonly TimeProvider _time;
    private readonly ILogger<RemoteFlows> _logger;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _dirty = new(1, 1);
    private IReadOnlyDictionary<string, int> _instances = new Dictionary<string, int>();

    public RemoteFlows(FlowHostClients clients, TargetSettings target, MessagingRole role, IResourceStore store, TimeProvider time, ILogger<RemoteFlows> logger)
    {
        (_clients, _target, _rule, _store, _time, _logger) = (clients.All, target.Name, role.Rule, store, time, logger);
        _views = [.. _clients.Select(client => new FlowHostView(client.Ordinal, client.Address))];
    }

    public event Action<string>? Changed;

    public FlowStatus StatusOf(string dataflow) => FlowSum.Of(dataflow, Volatile.Read(ref _instances).GetValueOrDefault(dataflow), Views());

    public IReadOnlyList<FlowStatus> All()
    {
        var (instances, views) = (Volatile.Read(ref _instances), Views());
        return [.. instances.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => FlowSum.Of(one.Key, one.Value, views))];
    }

    public IReadOnlyList<FlowPoint> HistoryOf(string dataflow) => FlowSum.Points(dataflow, Views());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void OnChange(StoreChange change) => Wake();
        _store.Changed += OnChange;
        try
        {
            await Task.WhenAll([ReadStoreAsync(stoppingToken), .. _clients.Select(client => AskAsync(client, stoppingToken))]);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            _store.Changed -= OnChange;
        }
    }

    private FlowHostView[] Views()
    {
        lock (_gate)
            return [.. _views];
    }

    private void Wake()
    {
        lock (_dirty)
            if (_dirty.CurrentCount == 0)
                _dirty.Release();
    }

    // Which dataflows there are, and how many instances each shall have: hosts that do not answer are missed by it.
    private async Task ReadStoreAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _dirty.WaitAsync(stoppingToken);
            try
            {
                Read(await _store.ListAsync(stoppingToken));
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // What was read last stands; the next look may work.
                LogNotRead(failure);
                await Task.Delay(Period, _time, stoppingToken);
                Wake();
            }
        }
    }

    private void Read(StoreListing listing)
    {
        var profiles = listing.Of(ResourceKind.DataflowProfile).Select(stored => (DataflowProfile)stored.Value).DistinctBy(profile => profile.Name).ToDictionary(profile => profile.Name, profile => profile.Instances);
        Volatile.Write(ref _instances, listing.Of(ResourceKind.Dataflow).Select(stored => (Dataflow)stored.Value).DistinctBy(flow => flow.Name)
            .ToDictionary(flow => flow.Name, flow => _rule.Takes(flow, listing) ? profiles.GetValueOrDefault(flow.Profile, DataflowProfile.LeastInstances) : 0));
    }

    private async Task AskAsync(FlowHostClient client, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        do
        {
            var before = Views()[client.Ordinal];
            var (answer, problem) = await client.AskAsync(_target, before.Newest, stoppingToken);
            var after = answer is not null ? before.With(answer, _time.GetUtcNow()) : before with { Problem = ErrorOf(problem!, before.Problem) };
            lock (_gate)
                _views[client.Ordinal] = after;
            Tell(before, after);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private FlowError ErrorOf(FlowHostProblem problem, FlowError? before) => before?.Code == problem.Code
        ? before with { Message = problem.Message, Count = before.Count + 1 }
        : new FlowError(_time.GetUtcNow(), FlowSide.Flow, problem.Code, problem.Message, problem.Fix, 1);

    private void Tell(FlowHostView before, FlowHostView after)
    {
        if (after.Problem is { } lost && before.Problem?.Code != lost.Code)
            LogLost(lost.Message);
        else if (before.Problem is not null && after.Answers)
            LogBack(after.Ordinal, after.Address);
        var isOther = before.Answers != after.Answers || before.Problem?.Code != after.Problem?.Code;
        foreach (var name in Volatile.Read(ref _instances).Keys)
            if (isOther || Mark(before, name) != Mark(after, name))
                Changed?.Invoke(name);
    }

    // What a page draws; a record of it is compared, not the collections in a status.
    private static (FlowState?, FlowLedger?, string?, double?, double?, int?) Mark(FlowHostView view, string name) =>
        view.Answer?.Find(name) is { } status ? (status.State, status.Ledger, status.Problem?.Message, status.InPerSecond, status.OutPerSecond, status.LastErrors.Length) : default;

    [LoggerMessage(LogLevel.Error, "The dataflows of the store could not be read; the next look tries again.")]
    private partial void LogNotRead(Exception failure);

    [LoggerMessage(LogLevel.Warning, "{Message}")]
    private partial void LogLost(string message);

    [LoggerMessage(LogLevel.Information, "The flow host {Ordinal} at {Address} answers again.")]
    private partial void LogBack(int ordinal, string address);
}
