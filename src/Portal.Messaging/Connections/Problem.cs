namespace Portal.Messaging.Connections;

/// <summary>Why a connection does not work, or will soon not work: a stable code, the cause in words, and what to do.</summary>
/// <param name="Cause">Code in kebab case, for example <c>tls-untrusted-root</c>.</param>
/// <param name="Explanation">What is wrong, in a sentence for an operator. Never a secret.</param>
/// <param name="Fix">What to do, with an example.</param>
internal sealed record Problem(string Cause, string Explanation, string Fix)
{
    /// <summary>True when the connection works all the same.</summary>
    public bool IsWarning { get; init; }

    /// <summary>A shorter form of the explanation for one line; null = the explanation is short enough.</summary>
    public string? Summary { get; init; }

    public static Problem Warning(string cause, string explanation, string fix) => new(cause, explanation, fix) { IsWarning = true };
}

/// <summary>A connection could not be made; the problem says why and what to do.</summary>
internal sealed class ConnectionException(Problem problem, Exception? inner = null) : Exception($"{problem.Explanation} {problem.Fix}", inner)
{
    public Problem Problem { get; } = problem;
}
