using System.Globalization;
using Portal.Messaging.Flows;

namespace Portal.Benchmarks;

/// <summary>
/// One fault with 100,000 numbered messages: what was sent, what arrived, and the most memory on the way. The bound of the
/// heap is the window's 64 MiB and as much again for everything else.
/// </summary>
/// <param name="Duplicates">Why some messages may arrive twice.</param>
internal sealed record FaultCase(string Name, string Duplicates)
{
    public const int Messages = 100_000;
    public const int Bytes = 64;
    public const int Partitions = 16;
    public const int Inflight = 1000;
    private const int MostHeap = 128;
    private const int MostResident = 512;
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(4);

    private readonly MemoryWatch _memory = new();
    private readonly long _started = TimeProvider.System.GetTimestamp();

    /// <summary>True when nothing was missing and the memory stayed below its bound, in every case so far.</summary>
    public static bool IsGood { get; private set; } = true;

    /// <summary>Waits until part of the messages is delivered.</summary>
    public async Task DeliveredAsync(BenchmarkFlow flow, double part)
    {
        while (flow.Status.Ledger.Delivered < Messages * part)
        {
            _memory.Look();
            await Task.Delay(10);
        }
    }

    /// <summary>Waits until the flow has nothing left to do and no number is missing, and reports.</summary>
    /// <param name="arrived">The numbers at the destination.</param>
    public async Task FinishAsync(BenchmarkFlow? flow, Func<Task<IEnumerable<string>>> arrived, string? more = null)
    {
        var seen = new int[Messages];
        do
        {
            if (flow is not null)
                await SettleAsync(flow);
            Array.Clear(seen);
            foreach (var line in await arrived())
                seen[int.Parse(line.Trim('.'), CultureInfo.InvariantCulture)]++;
        }
        while (seen.Contains(0) && TimeProvider.System.GetElapsedTime(_started) < _limit);
        var missing = seen.Count(times => times == 0);
        var twice = seen.Sum(times => Math.Max(0, times - 1));
        var isBounded = _memory.Heap <= MostHeap && _memory.Resident <= MostResident;
        IsGood &= missing == 0 && isBounded;
        Console.WriteLine($"{Name}: sent {Messages}, arrived {Messages - missing}, missing {missing}, twice {twice}{(twice > 0 ? $" ({Duplicates})" : "")}, {TimeProvider.System.GetElapsedTime(_started).TotalSeconds:F0} s");
        Console.WriteLine(flow is null
            ? "    " + more
            : $"    most heap {_memory.Heap} MiB (bound {MostHeap}), most resident {_memory.Resident} MiB (bound {MostResident}){(isBounded ? "" : ": TOO MUCH")}; {more}{Words(flow.Status)}");
    }

    private static string Words(FlowStatus status) =>
        $"{status.Ledger}, reconnects {status.Reconnects}, errors {string.Join(' ', status.LastErrors.Select(error => $"{error.Code} x{error.Count}").DefaultIfEmpty("none"))}";

    private async Task SettleAsync(BenchmarkFlow flow)
    {
        var before = -1L;
        while (TimeProvider.System.GetElapsedTime(_started) < _limit)
        {
            for (var i = 0; i < 50; i++)
            {
                _memory.Look();
                await Task.Delay(20);
            }

            var ledger = flow.Status.Ledger;
            if (ledger.InFlight == 0 && ledger.Received == before)
                return;
            before = ledger.Received;
        }
    }
}

/// <summary>The most memory of this process, looked at again and again.</summary>
internal sealed class MemoryWatch
{
    private const int Mebi = 1024 * 1024;

    /// <summary>Most bytes on the managed heap, garbage included, in MiB.</summary>
    public long Heap { get; private set; }

    /// <summary>Most resident memory, libraries and their buffers included, in MiB.</summary>
    public long Resident { get; private set; }

    public void Look()
    {
        Heap = Math.Max(Heap, GC.GetTotalMemory(forceFullCollection: false) / Mebi);
        Resident = Math.Max(Resident, Environment.WorkingSet / Mebi);
    }
}
