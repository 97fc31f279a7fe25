using System.Buffers.Binary;
using Portal.Messaging.Kafka;

namespace Portal.Messaging.Tests.Support.Kafka;

/// <summary>A record batch as a Produce request brought it.</summary>
/// <param name="Acks">Of the request: 0, 1, -1 = all.</param>
/// <param name="Codec">0 none, 1 gzip, 2 snappy, 3 lz4: the lowest three bits of the batch's attributes.</param>
/// <param name="Records">How many messages are in it.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record ProducedBatch(short Acks, int Partition, int Codec, int Records, int Bytes)
{
    // https://kafka.apache.org/documentation/#recordbatch
    private const int Attributes = 21;
    private const int Count = 57;

    /// <summary>The batches of a Produce request of version 3 to 8, header included.</summary>
    public static List<ProducedBatch> Read(byte[] request)
    {
        var reader = new WireReader(request);
        var (_, _, _, _, _) = (reader.Int16(), reader.Int16(), reader.Int32(), reader.String(), reader.String());
        var acks = reader.Int16();
        reader.Int32();
        var topics = reader.Array(topic =>
        {
            topic.String();
            return topic.Array(partition => Of(acks, partition.Int32(), partition.Bytes()));
        });
        return [.. topics.SelectMany(batches => batches)];
    }

    private static ProducedBatch Of(short acks, int partition, byte[] batch) => new(
        acks, partition, BinaryPrimitives.ReadInt16BigEndian(batch.AsSpan(Attributes)) & 7, BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(Count)), batch.Length);
}
