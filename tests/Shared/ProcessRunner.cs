namespace Portal.Tests.Shared;

/// <summary>What a finished program left behind.</summary>
public sealed record ProcessResult(string Tool, int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test, with what the program wrote, unless it ended with 0.</summary>
    public ProcessResult MustSucceed()
    {
        // Arguments are left out on purpose: they may hold a password.
        if (ExitCode != 0)
            Assert.Fail($"{Tool} ended with exit code {ExitCode}.\n{Error}\n{Output}".TrimEnd());
        return this;
    }

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>Runs a program to its end, with a time limit.</summary>
public static class ProcessRunner
{
    public static Task<ProcessResult> RunAsync(string tool, params string[] arguments) => RunAsync(tool, arguments, input: null);

    /// <param name="input">Written to standard input, which is closed after it.</param>
    /// <param name="environment">Variables beside those of this process; null removes one.</param>
    public static async Task<ProcessResult> RunAsync(
        string tool,
        IEnumerable<string> arguments,
        string? input = null,
        TimeSpan? limit = null,
        string? workingFolder = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        CancellationToken cancellationToken = default)
    {
        await using var process = RunningProcess.Start(tool, arguments, workingFolder, environment);
        await process.WriteInputAsync(input ?? "", cancellationToken);
        await process.WaitForExitAsync(limit ?? Wait.DefaultLimit, cancellationToken);
        return new ProcessResult(Path.GetFileName(tool), process.ExitCode, process.Output, process.Error);
    }
}
