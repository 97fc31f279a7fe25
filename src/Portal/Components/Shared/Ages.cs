using System.Globalization;
using Portal.Resources;

namespace Portal.Components.Shared;

/// <summary>Words for times: ages, clock and dates, in the style of the pages.</summary>
internal static class Ages
{
    public static string Ago(TimeSpan age) => age switch
    {
        { TotalSeconds: < 5 } => Text.Time_Now,
        { TotalMinutes: < 1 } => Text.Time_SecondsAgo.With((int)age.TotalSeconds),
        { TotalHours: < 1 } => Text.Time_MinutesAgo.With((int)age.TotalMinutes),
        { TotalDays: < 1 } => Text.Time_HoursAgo.With((int)age.TotalHours),
        { TotalDays: < 2 } => Text.Time_DayAgo,
        { TotalDays: < 31 } => Text.Time_DaysAgo.With((int)age.TotalDays),
        _ => Text.Time_MonthsAgo.With((int)(age.TotalDays / 30.4)),
    };

    public static string Fresh(TimeSpan age) => age switch
    {
        { TotalSeconds: < 0.1 } => Text.Time_Now,
        { TotalSeconds: < 10 } => Text.Time_SecondsAgo.With(age.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture)),
        _ => Ago(age),
    };

    public static string In(TimeSpan ahead) => ahead switch
    {
        { TotalMinutes: < 1 } => Text.Time_InSeconds.With((int)ahead.TotalSeconds),
        { TotalHours: < 1 } => Text.Time_InMinutes.With((int)ahead.TotalMinutes),
        { TotalDays: < 1 } => Text.Time_InHours.With((int)ahead.TotalHours),
        { TotalDays: < 2 } => Text.Time_InDay,
        _ => Text.Time_InDays.With((int)ahead.TotalDays),
    };

    public static string Clock(DateTimeOffset local) => local.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Moment(DateTimeOffset local) => local.ToString("d MMM, HH:mm", CultureInfo.InvariantCulture);

    public static string Date(DateTimeOffset local) => local.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Full(DateTimeOffset local) => local.ToString("d MMM yyyy HH:mm:ss zzz", CultureInfo.InvariantCulture);
}
