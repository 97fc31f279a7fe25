namespace Portal.Components.Shared;

/// <summary>How <see cref="TimeText"/> writes a time.</summary>
public enum TimeStyle
{
    /// <summary>"3 min ago", kept up to date.</summary>
    Age,

    /// <summary>"0.4 s ago": an age that is exact while it is young.</summary>
    Fresh,

    /// <summary>"14:03:02".</summary>
    Clock,

    /// <summary>"22 Nov, 06:00".</summary>
    Moment,

    /// <summary>"8 Nov 2028".</summary>
    Date,

    /// <summary>Date, time and zone.</summary>
    Full,
}
