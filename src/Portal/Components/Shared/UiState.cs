namespace Portal.Components.Shared;

/// <summary>Every state that the pages show; <see cref="StateGlyph"/> alone knows shape, colour and word.</summary>
public enum UiState
{
    Healthy,
    Passed,
    Idle,
    NeverTested,
    Stopped,
    Applied,
    Starting,
    Stopping,
    Testing,
    Draft,
    LocalOnly,
    Info,
    Warning,
    Differs,
    Throttled,
    Failed,
    WaitingForSource,
    WaitingForDestination,
    Skipped,
    Unknown,
}
