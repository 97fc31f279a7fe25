using Microsoft.AspNetCore.Http;

namespace Portal.KubernetesServer;

/// <summary>What goes wrong with a request.</summary>
public enum FaultKind
{
    /// <summary>The status is answered and nothing done.</summary>
    Status,

    /// <summary>The connection is cut before anything is done.</summary>
    CutBefore,

    /// <summary>The request is carried out, and the connection cut before the answer.</summary>
    CutAfter,

    /// <summary>No answer comes until the fault is lifted or the client gives up.</summary>
    Hang,

    /// <summary>The answer begins, and nothing comes after its head until the fault is lifted or the client gives up.</summary>
    HangAfterHead,
}

/// <summary>Faults on demand: each holds for a number of requests that match.</summary>
public sealed class Faults
{
    private readonly Lock gate = new();
    private readonly List<Entry> entries = [];

    /// <param name="method">Method of the requests; null = any.</param>
    /// <param name="path">Part of their path; empty = any.</param>
    /// <param name="times">How many requests it holds for.</param>
    /// <param name="status">Status of <see cref="FaultKind.Status"/>.</param>
    /// <param name="retryAfter">Seconds of a Retry-After header.</param>
    public void Add(FaultKind kind, string? method = null, string path = "", int times = 1, int status = 503, int? retryAfter = null)
    {
        lock (gate)
            entries.Add(new Entry(kind, method, path, status, retryAfter) { Left = times });
    }

    /// <summary>Whether every fault has met the requests that it holds for.</summary>
    public bool AreMet
    {
        get
        {
            lock (gate)
                return entries.TrueForAll(entry => entry.Left == 0);
        }
    }

    /// <summary>Lifts every fault; what hangs goes on.</summary>
    public void Clear()
    {
        lock (gate)
        {
            foreach (var entry in entries)
                entry.Lifted.TrySetResult();
            entries.Clear();
        }
    }

    internal async Task InvokeAsync(HttpContext http, Func<Task> next)
    {
        var entry = Take(http.Request);
        switch (entry?.Kind)
        {
            case FaultKind.Status:
                await Answers.FaultAsync(http, Fault(entry));
                return;
            case FaultKind.CutBefore:
                http.Abort();
                return;
            case FaultKind.CutAfter:
                // What it answers goes nowhere.
                http.Response.Body = Stream.Null;
                await next();
                http.Abort();
                return;
            case FaultKind.HangAfterHead:
                await http.Response.StartAsync(http.RequestAborted);
                await entry.Lifted.Task.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            case FaultKind.Hang:
                await entry.Lifted.Task.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
        }
        if (!http.RequestAborted.IsCancellationRequested)
            await next();
    }

    private Entry? Take(HttpRequest request)
    {
        lock (gate)
        {
            var entry = entries.FirstOrDefault(entry => entry.Left > 0 && (entry.Method is null || entry.Method == request.Method) && (request.Path + request.QueryString).Contains(entry.Path, StringComparison.Ordinal));
            if (entry is not null)
                entry.Left--;
            return entry;
        }
    }

    private static ApiFault Fault(Entry entry)
    {
        var (reason, message) = entry.Status switch
        {
            429 => ("TooManyRequests", "the server has received too many requests and has asked us to try again later"),
            500 => ("InternalError", "Internal error occurred: the store is not there"),
            503 => ("ServiceUnavailable", "the server is currently unable to handle the request"),
            504 => ("Timeout", "the server was unable to return a response in the time allotted"),
            _ => ("Unknown", "the server does not say more"),
        };
        var fault = ApiFault.Of(entry.Status, reason, message);
        return new ApiFault(entry.Status, fault.Status) { RetryAfter = entry.RetryAfter };
    }

    private sealed record Entry(FaultKind Kind, string? Method, string Path, int Status, int? RetryAfter)
    {
        public int Left { get; set; }

        public TaskCompletionSource Lifted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
