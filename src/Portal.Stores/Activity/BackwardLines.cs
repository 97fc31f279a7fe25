using System.Runtime.CompilerServices;

namespace Portal.Stores.Activity;

/// <summary>Reads the lines of a file from its end to its start, without reading more of it than is asked for.</summary>
internal static class BackwardLines
{
    private const int Chunk = 64 * 1024;

    /// <summary>The lines that end before a position, the last first, each with its position. What no line end follows is left out.</summary>
    public static async IAsyncEnumerable<(long Offset, ReadOnlyMemory<byte> Line)> ReadAsync(
        Stream stream, long end, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What stands in the buffer is [start, start + held.Length) of the file.
        ReadOnlyMemory<byte> held = default;
        var start = end;
        var isTorn = true;
        while (true)
        {
            var last = held.Span.LastIndexOf((byte)'\n');
            if (last >= 0)
            {
                if (!isTorn)
                    yield return (start + last + 1, held[(last + 1)..]);
                isTorn = false;
                held = held[..last];
                continue;
            }
            if (start == 0)
                break;
            var length = (int)Math.Min(Math.Max(Chunk, held.Length), start);
            var longer = new byte[length + held.Length];
            stream.Position = start - length;
            await stream.ReadExactlyAsync(longer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            held.CopyTo(longer.AsMemory(length));
            held = longer;
            start -= length;
        }
        if (!isTorn)
            yield return (0, held);
    }
}
