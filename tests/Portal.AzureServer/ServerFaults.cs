namespace Portal.AzureServer;

/// <summary>What goes wrong with one request.</summary>
public abstract record ServerFault
{
    private ServerFault()
    {
    }

    /// <summary>The connection ends before anything is done; <paramref name="Meanwhile"/> is what somebody else does.</summary>
    public sealed record CutBefore(Action? Meanwhile = null) : ServerFault;

    /// <summary>Somebody else is a moment faster; then it goes on as usual.</summary>
    public sealed record After(Action Meanwhile) : ServerFault;

    /// <summary>What was asked is done, and the connection ends before the answer.</summary>
    public sealed record CutAfter : ServerFault;

    /// <summary>No answer comes; what was asked is done.</summary>
    public sealed record Hang : ServerFault;

    /// <summary>Another answer, and nothing is done.</summary>
    public sealed record Answer(Reply Reply) : ServerFault;

    public static ServerFault Throttled(string retryAfter) => new Answer(
        Reply.Error(429, "TooManyRequests", "The request is being throttled as the limit has been reached.").With("Retry-After", retryAfter));

    public static ServerFault Status(int status) => new Answer(Reply.Error(status, status == 503 ? "ServerBusy" : "InternalServerError", "The server encountered an internal error. Please retry."));
}

/// <summary>Faults that wait for their request, each as often as was said.</summary>
public sealed class ServerFaults
{
    private readonly Lock gate = new();
    private readonly List<Rule> rules = [];

    /// <param name="method">HTTP method; * for any.</param>
    /// <param name="pathPart">Part of the path.</param>
    public void Add(string method, string pathPart, ServerFault fault, int times = 1)
    {
        lock (gate)
            rules.Add(new Rule(method, pathPart, fault) { Left = times });
    }

    public void Clear()
    {
        lock (gate)
            rules.Clear();
    }

    internal ServerFault? Take(ServerCall call)
    {
        lock (gate)
        {
            var rule = rules.FirstOrDefault(one => (one.Method == "*" || one.Method == call.Method) && call.Path.Contains(one.PathPart, StringComparison.OrdinalIgnoreCase));
            if (rule is null)
                return null;
            if (--rule.Left == 0)
                rules.Remove(rule);
            return rule.Fault;
        }
    }

    private sealed record Rule(string Method, string PathPart, ServerFault Fault)
    {
        public int Left { get; set; }
    }
}

internal static class Waiting
{
    /// <summary>A task that ends when the token is cancelled.</summary>
    public static Task AsTask(this CancellationToken token)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        token.Register(ended.SetResult);
        return ended.Task;
    }
}
