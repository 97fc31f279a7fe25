namespace Portal.Messaging.Flows;

/// <summary>The reasons for which headers are dropped, as page, API and metrics show them.</summary>
internal static class HeaderReasons
{
    /// <summary>The broker keeps no retained messages.</summary>
    public const string RetainUnsupported = "retain-unsupported";

    private static readonly (HeaderDropReason Reason, string Name)[] _names =
    [
        (HeaderDropReason.NotUtf8, "not-utf8"),
        (HeaderDropReason.TooLarge, "too-large"),
        (HeaderDropReason.ControlCharacter, "control-character"),
        (HeaderDropReason.NameTaken, "name-taken"),
        (HeaderDropReason.PartitionKeyMissing, "partition-key-missing"),
    ];

    public static void Count(in HeaderDrops drops, FlowCounters counters)
    {
        foreach (var (reason, name) in _names)
            if (drops[reason] is > 0 and var count)
                counters.DropHeaders(name, count);
    }
}
