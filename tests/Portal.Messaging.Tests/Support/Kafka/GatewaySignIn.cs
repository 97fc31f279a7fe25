using System.Text;
using Portal.Messaging.Kafka;

namespace Portal.Messaging.Tests.Support.Kafka;

/// <summary>What the gateway answers itself; a body of null means that it just closes.</summary>
internal sealed record OwnAnswer(byte[]? Body, bool Ends = false);

/// <summary>Versions and sign-in of one connection.</summary>
internal sealed class GatewaySignIn(GatewayOptions options)
{
    private const short UnsupportedVersion = 35;
    private const short UnsupportedMechanism = 33;
    private const short AuthenticationFailed = 58;

    // Key, least and most version: old enough to be simple, new enough for headers and idempotent producers.
    private static readonly (short Key, short Least, short Most)[] _versions =
        [(0, 3, 7), (1, 4, 10), (2, 1, 2), (3, 0, 4), (8, 1, 5), (9, 1, 5), (10, 1, 2), (17, 0, 1), (18, 0, 0), (22, 0, 1), (36, 0, 0)];

    private string? _mechanism;
    private ScramServer? _scram;
    private bool _isIn = options.Mechanisms.Count == 0;
    private long _since = TimeProvider.System.GetTimestamp();

    /// <summary>True when the client did not sign in again in time.</summary>
    public bool IsOver => options.SessionLifetime is { } lifetime && TimeProvider.System.GetElapsedTime(_since) > lifetime;

    /// <summary>The answer to a request; null = it is for the cluster.</summary>
    public OwnAnswer? Answer(byte[] request)
    {
        var reader = new WireReader(request);
        var (key, version, _, _) = (reader.Int16(), reader.Int16(), reader.Int32(), reader.String());
        return key switch
        {
            18 => new OwnAnswer(Versions(version)),
            17 => Handshake(reader.String()!),
            36 => Authenticate(version, reader.Bytes()),
            _ => _isIn ? null : new OwnAnswer(null, Ends: true),
        };
    }

    private byte[] Versions(short asked)
    {
        var offered = _versions.Where(version => options.Mechanisms.Count > 0 || version.Key is not (17 or 36)).ToList();
        var writer = new WireWriter().Int16(asked > 0 ? UnsupportedVersion : (short)0).Int32(offered.Count);
        foreach (var (key, least, most) in offered)
            writer.Int16(key).Int16(least).Int16(MostOf(key, most));
        return writer.ToArray();
    }

    private short MostOf(short key, short most) => key switch
    {
        <= 1 => options.MostRecords ?? most,
        // The lifetime of a sign-in came with version 1.
        36 when options.SessionLifetime is not null => 1,
        _ => most,
    };

    private OwnAnswer Handshake(string mechanism)
    {
        _mechanism = mechanism;
        var isOffered = options.Mechanisms.Contains(mechanism);
        var writer = new WireWriter().Int16(isOffered ? (short)0 : UnsupportedMechanism).Int32(options.Mechanisms.Count);
        foreach (var offered in options.Mechanisms)
            writer.String(offered);
        return new OwnAnswer(writer.ToArray(), Ends: !isOffered);
    }

    private OwnAnswer Authenticate(short version, byte[] message)
    {
        (var refusal, var answer, var isDone) = _mechanism!.StartsWith("SCRAM", StringComparison.Ordinal)
            ? (_scram ??= new ScramServer(_mechanism, options.ScramPassword)).Next(message)
            : (options.SignIn(_mechanism, message), "", true);
        if (isDone && options.LacksProof)
            answer = "v=Zm9yZ2Vk";
        if (refusal is not null && options.CutsRefused)
            return new OwnAnswer(null, Ends: true);
        _isIn = refusal is null && isDone;
        if (_isIn)
            _since = TimeProvider.System.GetTimestamp();
        var body = new WireWriter().Int16(refusal is null ? (short)0 : AuthenticationFailed);
        body = refusal is null ? body.Int16(-1) : body.String(refusal);
        body.Bytes(Encoding.UTF8.GetBytes(answer));
        if (version > 0)
            body.Int32(0).Int32((int)(options.SessionLifetime ?? TimeSpan.Zero).TotalMilliseconds);
        return new OwnAnswer(body.ToArray(), Ends: refusal is not null);
    }
}
