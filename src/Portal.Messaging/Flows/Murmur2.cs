using System.Buffers.Binary;

namespace Portal.Messaging.Flows;

/// <summary>Kafka's partition of a key, as the Java producer chooses it.</summary>
public static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;

    /// <summary>The partition of a key.</summary>
    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (int)(Hash(key) & 0x7fffffff) % partitions;

    private static uint Hash(ReadOnlySpan<byte> data)
    {
        unchecked
        {
            var hash = Seed ^ (uint)data.Length;
            for (; data.Length >= 4; data = data[4..])
            {
                var word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
                hash = (hash * Multiplier) ^ ((word ^ (word >> 24)) * Multiplier);
            }
            if (data.Length > 0)
            {
                for (var at = data.Length - 1; at >= 0; at--)
                    hash ^= (uint)data[at] << (8 * at);
                hash *= Multiplier;
            }
            hash = (hash ^ (hash >> 13)) * Multiplier;
            return hash ^ (hash >> 15);
        }
    }
}
