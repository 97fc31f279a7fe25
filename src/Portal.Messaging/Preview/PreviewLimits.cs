namespace Portal.Messaging.Preview;

/// <summary>What bounds the memory and the work of one shared reader.</summary>
internal static class PreviewLimits
{
    /// <summary>Messages kept by a reader.</summary>
    public const int Messages = 20_000;

    /// <summary>Bytes kept by a reader, what a message costs beside its payload included.</summary>
    public const long Bytes = 32 * 1024 * 1024;

    /// <summary>Bytes of one payload that are kept; the full size stays known.</summary>
    public const int PayloadBytes = 64 * 1024;

    /// <summary>Topics with a rate of their own.</summary>
    public const int Topics = 1000;

    /// <summary>Seconds of rate history.</summary>
    public const int HistorySeconds = 60;

    /// <summary>A viewer is told of changes at most this often.</summary>
    public static readonly TimeSpan ChangePeriod = TimeSpan.FromMilliseconds(100);
}
