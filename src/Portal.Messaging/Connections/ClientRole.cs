using System.Security.Cryptography;

namespace Portal.Messaging.Connections;

/// <summary>What a client is for. It decides the client id, so that tests and previews never disturb a running flow.</summary>
/// <param name="Name">Follows the prefix: <c>test-3f2a91c0</c>, or the dataflow's name.</param>
/// <param name="IsFlow">A flow keeps its session and its consumer group; tests and previews leave nothing behind.</param>
internal sealed record ClientRole(string Name, bool IsFlow)
{
    /// <summary>Longest client id that all services take (Event Grid).</summary>
    public const int MostClientIdCharacters = 128;

    private const string DefaultPrefix = "portal";

    public static ClientRole Test() => new("test-" + RandomSuffix(), false);

    public static ClientRole Preview() => new("preview-" + RandomSuffix(), false);

    /// <summary>Stable over restarts, so that the session comes back.</summary>
    public static ClientRole Flow(string dataflow, int instance) => new($"{dataflow}-{instance}", true);

    /// <summary>The prefix gives way when both are too long: the name tells clients apart.</summary>
    public string ClientId(string? prefix)
    {
        var start = string.IsNullOrEmpty(prefix) ? (IsFlow ? "" : DefaultPrefix) : prefix;
        var room = Math.Max(0, MostClientIdCharacters - Name.Length - 1);
        start = start.Length > room ? start[..room] : start;
        return start.Length == 0 ? Name : $"{start}-{Name}";
    }

    private static string RandomSuffix() => RandomNumberGenerator.GetHexString(8, lowercase: true);
}
