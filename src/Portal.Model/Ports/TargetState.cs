namespace Portal.Model.Ports;

/// <summary>What can be done with a target now.</summary>
public enum TargetCondition
{
    /// <summary>Not known yet: the first answer is awaited.</summary>
    Connecting,

    /// <summary>Reads and writes work.</summary>
    Ready,

    /// <summary>Reading works, some or all writing does not.</summary>
    ReadOnly,

    /// <summary>Nothing works; what is shown is what was read last.</summary>
    Unavailable,
}

/// <summary>What can be done with a target now, and why not more.</summary>
/// <param name="Condition">What can be done.</param>
/// <param name="Cause">Stable code of what is missing, for example <c>rights-missing</c>; null when nothing is.</param>
/// <param name="Message">What is missing, in words; null when nothing is.</param>
/// <param name="Fix">What to do about it; null when nothing is missing.</param>
public sealed record TargetState(TargetCondition Condition, string? Cause = null, string? Message = null, string? Fix = null)
{
    /// <summary>Reads and writes work.</summary>
    public static TargetState Ready { get; } = new(TargetCondition.Ready);

    /// <summary>A document that cures it, for example the Role that grants the missing right; null when none does.</summary>
    public string? Remedy { get; init; }
}
