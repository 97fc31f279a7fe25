using System.Buffers.Binary;
using Portal.Messaging.Kafka;

namespace Portal.Messaging.Probes;

/// <summary>One broker as the cluster names it.</summary>
internal sealed record KafkaNode(int Id, string Host, int Port);

/// <summary>What a cluster says of itself.</summary>
internal sealed record KafkaCluster(string? Id, int Controller, IReadOnlyList<KafkaNode> Brokers);

/// <summary>
/// Requests and answers of the Kafka protocol on the connection that was judged and made, so that nothing is dialled that
/// was not looked at before, and the broker's own words are at hand.
/// </summary>
internal sealed class KafkaDialogue(Stream stream, string clientId)
{
    private const int MostAnswer = 16 * 1024 * 1024;
    private const short MetadataVersion = 4;
    private int _correlation;

    /// <summary>Kinds of requests that the broker takes, with the newest version of each.</summary>
    public async Task<IReadOnlyDictionary<short, (short Least, short Most)>> AskVersionsAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(KafkaApi.ApiVersions, 0, new WireWriter(), cancellationToken);
        answer.Int16();
        return answer.Array(element => (Key: element.Int16(), Least: element.Int16(), Most: element.Int16()))
            .DistinctBy(entry => entry.Key).ToDictionary(entry => entry.Key, entry => (entry.Least, entry.Most));
    }

    /// <summary>Names the mechanism; the error code and the mechanisms that the broker offers.</summary>
    public async Task<(short Error, IReadOnlyList<string> Offered)> HandshakeAsync(string mechanism, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(KafkaApi.SaslHandshake, 1, new WireWriter().String(mechanism), cancellationToken);
        return (answer.Int16(), answer.Array(element => element.String() ?? ""));
    }

    /// <summary>One message of the sign-in: the error code, the broker's words, its message.</summary>
    public async Task<(short Error, string? Words, byte[] Message)> AuthenticateAsync(byte[] message, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(KafkaApi.SaslAuthenticate, 0, new WireWriter().Bytes(message), cancellationToken);
        return (answer.Int16(), answer.String(), answer.Bytes());
    }

    /// <summary>The cluster and its brokers, without topics.</summary>
    public async Task<KafkaCluster> AskClusterAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(KafkaApi.Metadata, MetadataVersion, new WireWriter().Int32(0).Boolean(false), cancellationToken);
        answer.Int32();
        var brokers = answer.Array(element =>
        {
            var node = new KafkaNode(element.Int32(), element.String() ?? "", element.Int32());
            element.String();
            return node;
        });
        return new KafkaCluster(answer.String(), answer.Int32(), brokers);
    }

    private async Task<WireReader> AskAsync(short key, short version, WireWriter body, CancellationToken cancellationToken)
    {
        var correlation = ++_correlation;
        var request = new WireWriter().Int16(key).Int16(version).Int32(correlation).String(clientId).Raw(body.ToArray()).ToArray();
        await stream.WriteAsync(new WireWriter().Bytes(request).ToArray(), cancellationToken);
        await stream.FlushAsync(cancellationToken);
        var size = new byte[4];
        await stream.ReadExactlyAsync(size, cancellationToken);
        var length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length is < 4 or > MostAnswer)
            throw new InvalidDataException("The answer is not Kafka.");
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellationToken);
        var answer = new WireReader(bytes);
        return answer.Int32() == correlation ? answer : throw new InvalidDataException("The answer belongs to another request.");
    }
}

/// <summary>Numbers of the request kinds used here.</summary>
internal static class KafkaApi
{
    public const short Metadata = 3;
    public const short SaslHandshake = 17;
    public const short ApiVersions = 18;
    public const short SaslAuthenticate = 36;
}
