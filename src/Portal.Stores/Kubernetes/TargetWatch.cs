using Microsoft.Extensions.Logging;
using Portal.Model;
using Portal.Model.Ports;

namespace Portal.Stores.Kubernetes;

/// <summary>Runs the watches of all kinds and knows what can be done with the target.</summary>
internal sealed class TargetWatch(KubernetesCalls calls, IReadOnlyList<ResourceWatch> watches, TimeProvider time, ILogger logger)
{
    // How soon a right that was granted, or taken, is noticed, and a cluster that fell silent without a word.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ReadyPeriod = TimeSpan.FromSeconds(30);

    // Longer than that no page waits for a cluster that says nothing; it shows that the answer is awaited.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<ResourceKind, KubernetesFault?> reports = [];
    private readonly SemaphoreSlim look = new(0);
    private readonly TaskCompletionSource listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private KubernetesFault? silence;
    private IReadOnlyList<Right> missing = [];
    private string? user;

    public event Action? StateChanged;

    public TargetState State { get; private set; } = new(TargetCondition.Connecting);

    /// <summary>Why nothing at all can be read, which is known before anybody asks; null while asking may help.</summary>
    public StoreResult.Denied? Unread => State is { Condition: TargetCondition.Unavailable, Cause: "unreachable" or "sign-in-failed" or "kubeconfig-unreadable", Message: { } message, Fix: { } fix } ? new StoreResult.Denied(message, fix) : null;

    /// <summary>Ends when every kind was listed or could not be, or after a while: before that nobody knows what is there.</summary>
    public async Task ListedAsync(CancellationToken cancellationToken)
    {
        if (listed.Task.IsCompleted)
            return;
        try
        {
            await listed.Task.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            logger.AnswerAwaited(calls.Connection.Target);
        }
    }

    /// <summary>Takes notice of a fault of a request: rights and sign-in are looked at again, or whether the cluster is there.</summary>
    public KubernetesFault Note(KubernetesFault fault)
    {
        if (fault.Code is 401 or 403)
            look.Release();
        else if (fault.IsGone)
            Doubt();
        return fault;
    }

    /// <summary>Reads what is shown beside the resources; what cannot be read is what <paramref name="otherwise"/> makes of the reason.</summary>
    public async Task<T> ReadAsync<T>(string what, Func<Task<T>> read, Func<StoreResult.Denied, T> otherwise)
    {
        // No page waits for tries that lead nowhere.
        if (Unread is { } unread)
            return otherwise(unread);
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (KubernetesFault fault)
        {
            logger.NotListed(what, Note(fault).Message);
            return otherwise(new StoreResult.Denied(fault.Message, fault.Fix));
        }
    }

    /// <summary>Makes a change of a secret or a config map and tells of it; a fault becomes its outcome.</summary>
    public async Task<StoreResult> ChangeAsync(Func<Task<StoreResult>> change, Action changed)
    {
        try
        {
            var result = await change().ConfigureAwait(false);
            if (result is StoreResult.Saved)
                changed();
            return result;
        }
        catch (KubernetesFault fault)
        {
            return fault is { Code: 409 } or { Code: 404, Reason: "NotFound" } ? new StoreResult.Conflict(null) : Note(fault).ToResult();
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        foreach (var watch in watches)
        {
            watch.Reported += fault => Take(watch.Kind, fault);
            watch.Cut += () => look.Release();
        }
        await Task.WhenAll([.. watches.Select(watch => watch.RunAsync(stopping)), LookAsync(stopping)]).ConfigureAwait(false);
    }

    private void Take(ResourceKind kind, KubernetesFault? fault)
    {
        bool isComplete, isBack;
        lock (gate)
        {
            isBack = fault is null && reports.GetValueOrDefault(kind) is not null;
            reports[kind] = fault;
            silence = fault is null ? null : silence;
            isComplete = reports.Count == watches.Count;
        }
        Judge();
        if (isComplete)
            listed.TrySetResult();
        // The others need not wait any longer either.
        foreach (var watch in isBack ? watches : [])
            watch.Wake();
        look.Release();
    }

    /// <summary>Tells those who listen, one by one.</summary>
    public void Tell(Action? handlers) => logger.Raise(handlers);

    private void Doubt()
    {
        foreach (var watch in watches)
            watch.Doubt();
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                // Asked for by somebody, or time has passed.
                using (var timer = new CancellationTokenSource(State == TargetState.Ready ? ReadyPeriod : Period, time))
                using (var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stopping))
                    await look.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                while (look.Wait(TimeSpan.Zero, CancellationToken.None))
                {
                }
                if (!stopping.IsCancellationRequested && IsReached())
                    await AskAsync(stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task AskAsync(CancellationToken stopping)
    {
        try
        {
            var asked = await Rights.MissingAsync(calls, stopping).ConfigureAwait(false);
            if (asked.Count > 0)
                user = await Rights.UserAsync(calls, stopping).ConfigureAwait(false);
            lock (gate)
                (missing, silence) = (asked, null);
            Judge();
        }
        catch (KubernetesFault fault)
        {
            // Rights stay as they were last known. A watch that waits for news cannot know that none will come.
            logger.RightsNotKnown(fault.Message);
            if (!fault.IsGone)
                return;
            lock (gate)
                silence = fault;
            Judge();
            Doubt();
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stopping.IsCancellationRequested)
        {
            // Whatever it is, rights that change must not go unseen from now on.
            logger.LookFailed(exception);
        }
    }

    private bool IsReached()
    {
        lock (gate)
            return reports.Values.Any(fault => fault is null or { Code: 403 });
    }

    private void Judge()
    {
        TargetState now;
        lock (gate)
        {
            now = Of();
            if (now == State)
                return;
            State = now;
        }
        logger.TargetIs(calls.Connection.Target, now.Condition.ToString(), now.Message ?? "");
        logger.Raise(StateChanged);
    }

    private TargetState Of()
    {
        if (reports.Count < watches.Count && !reports.Values.Any(fault => fault is not null))
            return new TargetState(TargetCondition.Connecting);
        // The worst first: nothing of it works, then some of it cannot be read, then it cannot be written.
        var faults = reports.Values.OfType<KubernetesFault>().ToList();
        if ((faults.FirstOrDefault(fault => fault.Code != 403) ?? silence) is { } worst)
            return new TargetState(TargetCondition.Unavailable, worst.Cause, worst.Message, worst.Fix);
        if (faults.Count == 0 && missing.Count == 0)
            return TargetState.Ready;
        var rights = missing.Any(right => right.Group == Resource.ApiGroup) ? missing.Where(right => right.Group == Resource.ApiGroup).ToList() : missing;
        // Without secrets, config maps or events the resources themselves can still be written.
        var condition = faults.Count == watches.Count ? TargetCondition.Unavailable : faults.Count > 0 || rights[0].Group == Resource.ApiGroup ? TargetCondition.ReadOnly : TargetCondition.Ready;
        var what = rights.Count > 0 ? $"The signed-in user{(user is null ? "" : $" '{user}'")} may not {Rights.Describe(rights)}." : faults[0].Message;
        return new TargetState(condition, "rights-missing", what, "Let an administrator apply this Role and its binding; the portal notices by itself.")
        {
            Remedy = Rights.Role(calls.Connection.Namespace, user),
        };
    }
}
