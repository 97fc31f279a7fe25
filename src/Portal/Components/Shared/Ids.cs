namespace Portal.Components.Shared;

/// <summary>Element ids for labels and messages, unique within the process.</summary>
internal static class Ids
{
    private static int _last;

    public static string New(string prefix) => $"{prefix}-{Interlocked.Increment(ref _last)}";
}
