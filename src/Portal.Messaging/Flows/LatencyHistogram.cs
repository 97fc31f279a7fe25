using System.Numerics;

namespace Portal.Messaging.Flows;

/// <summary>Counts latencies in buckets that are at most an eighth wide, from a microsecond to an hour. One thread adds.</summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 3;
    private const int Steps = 1 << StepBits;
    private const int Powers = 32;

    private readonly int[] _counts = new int[Powers * Steps];

    public void Add(long microseconds) => _counts[BucketOf(microseconds)]++;

    public void Clear() => Array.Clear(_counts);

    /// <summary>Percentiles in milliseconds over several histograms; null when they are empty.</summary>
    public static FlowLatency Of(IEnumerable<LatencyHistogram> histograms)
    {
        var sum = new long[Powers * Steps];
        foreach (var histogram in histograms)
            for (var i = 0; i < sum.Length; i++)
                sum[i] += Volatile.Read(ref histogram._counts[i]);
        var total = sum.Sum();
        return new FlowLatency(Percentile(sum, total, 0.5), Percentile(sum, total, 0.95), Percentile(sum, total, 0.99));
    }

    private static double? Percentile(long[] sum, long total, double part)
    {
        if (total == 0)
            return null;
        var wanted = (long)Math.Ceiling(total * part);
        var seen = 0L;
        for (var i = 0; i < sum.Length; i++)
        {
            seen += sum[i];
            if (seen >= wanted)
                return Math.Round(MiddleOf(i) / 1000, 3);
        }

        return null;
    }

    private static int BucketOf(long microseconds)
    {
        var value = (ulong)Math.Clamp(microseconds, 0, uint.MaxValue);
        if (value < Steps)
            return (int)value;
        var power = BitOperations.Log2(value);
        return ((power - StepBits + 1) * Steps) + (int)((value >> (power - StepBits)) & (Steps - 1));
    }

    private static double MiddleOf(int bucket)
    {
        if (bucket < Steps)
            return bucket;
        var shift = (bucket / Steps) - 1;
        var low = (double)((ulong)(Steps + (bucket % Steps)) << shift);
        return low + ((1L << shift) / 2.0);
    }
}
