using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Portal.Tests.Shared;

/// <summary>A program that runs beside the test; ended by its own process id when disposed or when the test process ends.</summary>
public sealed class RunningProcess : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<int, Process> Alive = new();

    private readonly Process _process;
    private readonly string _name;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    static RunningProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        foreach (var process in Alive.Values)
            Kill(process);
    };

    private RunningProcess(Process process, string name)
    {
        _process = process;
        _name = name;
        process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
    }

    public int Id { get; private set; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>Standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>Standard error so far.</summary>
    public string Error => Text(_error);

    public static RunningProcess Start(
        string tool, IEnumerable<string> arguments, string? workingFolder = null, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var name = Path.GetFileName(tool);
        var process = new Process { StartInfo = Tool.StartInfo(tool, arguments, workingFolder, environment) };
        var running = new RunningProcess(process, name);
        process.Start();
        running.Id = process.Id;
        Alive[process.Id] = process;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return running;
    }

    /// <summary>Writes to standard input and closes it.</summary>
    public async Task WriteInputAsync(string text, CancellationToken cancellationToken = default)
    {
        try
        {
            await _process.StandardInput.WriteAsync(text.AsMemory(), cancellationToken);
            _process.StandardInput.Close();
        }
        catch (IOException) when (_process.HasExited)
        {
            // It ended without reading; its exit code and error text tell why.
        }
    }

    /// <summary>Waits until something that the program wrote (either stream) holds the text; fails early when it ends before.</summary>
    public Task WaitForOutputAsync(string text, TimeSpan? limit = null) =>
        Wait.UntilAsync(
            () =>
            {
                // Asked first: what was written before the end is then surely in the buffers.
                var over = _process.HasExited;
                if (over)
                    _process.WaitForExit();
                var found = Output.Contains(text, StringComparison.Ordinal) || Error.Contains(text, StringComparison.Ordinal);
                if (over && !found)
                    Assert.Fail($"{_name} ended with exit code {ExitCode} before it wrote \"{text}\".\n{Everything()}");
                return found;
            },
            $"{_name} writes \"{text}\"",
            limit,
            Everything);

    public async Task WaitForExitAsync(TimeSpan? limit = null, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, TestContext.Current.CancellationToken);
        await Wait.ForAsync(_process.WaitForExitAsync(either.Token), $"{_name} ends", limit, Everything);
    }

    /// <summary>Asks the program to end and waits for it.</summary>
    public async Task TerminateAsync(TimeSpan? limit = null)
    {
        Send(Signal.Terminate);
        await WaitForExitAsync(limit);
    }

    /// <summary>Ends the program at once, as a power cut would, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        Kill(_process);
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops the program from running without ending it: its ports stay open and nobody answers.</summary>
    public void Freeze() => Send(Signal.Stop);

    /// <summary>Lets a frozen program go on.</summary>
    public void Thaw() => Send(Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        if (!Alive.TryRemove(Id, out _))
            return;
        await KillAsync();
        _process.Dispose();
    }

    private string Everything() => $"{Error}\n{Output}".Trim();

    private void Send(Signal signal)
    {
        if (!_process.HasExited && SendSignal(Id, (int)signal) != 0 && !_process.HasExited)
            throw new InvalidOperationException($"{_name} cannot be sent the signal {signal}, error {Marshal.GetLastPInvokeError()}.");
    }

    private static void Kill(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
    }

    private static void Keep(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.Append(line).Append('\n');
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int SendSignal(int process, int signal);

    private enum Signal
    {
        Terminate = 15,
        Continue = 18,
        Stop = 19,
    }
}
