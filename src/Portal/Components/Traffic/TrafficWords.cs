using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Portal.Components.Traffic;

/// <summary>Numbers and bytes as the pages of live traffic write them.</summary>
internal static class TrafficWords
{
    public static string Size(long bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:N0} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:N1} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):N1} MB"),
    };

    /// <summary>Messages a second, for example 0.1, 12, 2,410 or 38.1 k.</summary>
    public static string Rate(double perSecond) => perSecond switch
    {
        0 => "0",
        < 10 => perSecond.ToString("0.#", CultureInfo.InvariantCulture),
        < 10_000 => perSecond.ToString("N0", CultureInfo.InvariantCulture),
        _ => (perSecond / 1000).ToString("N1", CultureInfo.InvariantCulture) + " k",
    };

    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string TextOrHex(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) && Encoding.UTF8.GetString(bytes) is var text && !text.Any(char.IsControl) ? text : Hex(bytes);

    public static string Hex(ReadOnlySpan<byte> bytes) => string.Join(' ', Convert.ToHexString(bytes).Chunk(2).Select(pair => new string(pair)));

    public static string Clock(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>The levels that all topics begin with, with the slash at their end; empty when there are none.</summary>
    public static string CommonPrefix(IEnumerable<string> topics)
    {
        string? common = null;
        foreach (var topic in topics)
        {
            var levels = topic[..(topic.LastIndexOf('/') + 1)];
            if (common is null)
                common = levels;
            while (!topic.StartsWith(common, StringComparison.Ordinal))
                common = common.TrimEnd('/') is var shorter ? shorter[..(shorter.LastIndexOf('/') + 1)] : "";
            if (common.Length == 0)
                break;
        }
        return common ?? "";
    }
}
