namespace Portal.Messaging.Preview;

/// <summary>Why a reader does not read, in the words of a connection test.</summary>
/// <param name="Cause">Stable code in kebab case.</param>
/// <param name="Explanation">The cause in one sentence.</param>
/// <param name="Fix">What to do.</param>
/// <param name="Final">True when trying again cannot help: the request itself is wrong.</param>
internal sealed record PreviewFailure(string Cause, string Explanation, string? Fix = null, bool Final = false);
