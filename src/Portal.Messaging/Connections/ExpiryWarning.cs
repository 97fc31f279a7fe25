namespace Portal.Messaging.Connections;

/// <summary>When the end of a certificate or secret is worth a warning.</summary>
internal static class ExpiryWarning
{
    private const int Days = 21;

    /// <summary>True within three weeks of the end; for what lives shorter within the last third of its life, as it is renewed by then.</summary>
    public static bool IsNear(DateTimeOffset end, DateTimeOffset now, DateTimeOffset? begin = null)
    {
        var warning = TimeSpan.FromDays(Days);
        if (begin is { } from && (end - from) / 3 < warning)
            warning = (end - from) / 3;
        return end - now < warning;
    }

    /// <summary>The time left in words.</summary>
    public static string Left(DateTimeOffset end, DateTimeOffset now) =>
        (end - now).TotalDays >= 2 ? $"{(int)(end - now).TotalDays} days" : $"{Math.Max(1, (int)(end - now).TotalHours)} hours";
}
