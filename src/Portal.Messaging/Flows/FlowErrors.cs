using System.Collections.Immutable;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Flows;

/// <summary>The latest errors of one dataflow, one entry a side and cause. Safe for threads.</summary>
internal sealed class FlowErrors(TimeProvider time)
{
    private const int Most = 20;

    private readonly Lock _gate = new();
    private ImmutableArray<FlowError> _errors = [];

    /// <summary>The newest first.</summary>
    public ImmutableArray<FlowError> Latest
    {
        get
        {
            lock (_gate)
                return _errors;
        }
    }

    /// <summary>Notes an error.</summary>
    /// <returns>The entry; a count of 1 means that the cause is new.</returns>
    public FlowError Note(FlowSide side, Problem problem)
    {
        lock (_gate)
        {
            var before = _errors.FirstOrDefault(error => error.Side == side && error.Code == problem.Cause && error.Message == problem.Explanation);
            var error = new FlowError(time.GetUtcNow(), side, problem.Cause, problem.Explanation, problem.Fix, (before?.Count ?? 0) + 1);
            _errors = [error, .. _errors.Where(other => other != before).Take(Most - 1)];
            return error;
        }
    }
}
