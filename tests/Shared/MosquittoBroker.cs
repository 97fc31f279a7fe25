using System.Text;

namespace Portal.Tests.Shared;

/// <summary>
/// A real mosquitto on free loopback ports. Without <see cref="MosquittoOptions.Users"/> everybody may connect.
/// Add <c>await using</c>: it ends with the test, also when the test fails.
/// </summary>
public sealed class MosquittoBroker : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly MosquittoOptions _options;
    private readonly StringBuilder _earlier = new();
    private RunningProcess? _process;

    private MosquittoBroker(MosquittoOptions options)
    {
        _options = options;
        Ports = [.. options.Listeners.Select(listener => listener.Port ?? FreePort.Next())];
    }

    /// <summary>One port per listener, in their order; the same after a restart.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>The port of the first listener.</summary>
    public int Port => Ports[0];

    /// <summary>Everything that the broker logged, over all its starts.</summary>
    public string Log => _earlier + _process?.Error;

    /// <summary>A broker with one plain listener.</summary>
    public static Task<MosquittoBroker> StartAsync() => StartAsync(new MosquittoOptions());

    public static async Task<MosquittoBroker> StartAsync(MosquittoOptions options)
    {
        var broker = new MosquittoBroker(options);
        try
        {
            await broker.WriteConfigurationAsync();
            await broker.StartAgainAsync();
            return broker;
        }
        catch
        {
            await broker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a stopped broker again on the same ports.</summary>
    public async Task StartAgainAsync()
    {
        if (_process is not null)
            throw new InvalidOperationException("This mosquitto runs. Stop it before you start it again.");
        _process = RunningProcess.Start("mosquitto", ["-c", _folder.Combine("mosquitto.conf")]);
        // Logged after all listeners are open; a probing connection would count against max_connections.
        await _process.WaitForOutputAsync(" running", StartLimit);
    }

    /// <summary>Ends the broker in order: it writes its persistent sessions.</summary>
    public Task StopAsync() => EndAsync(process => process.TerminateAsync());

    /// <summary>Ends the broker as a power cut would.</summary>
    public Task KillAsync() => EndAsync(process => process.KillAsync());

    /// <summary>The broker keeps its connections and ports and answers nothing, until <see cref="Thaw"/>.</summary>
    public void Freeze() => Running.Freeze();

    public void Thaw() => Running.Thaw();

    /// <summary>Waits until the broker logged the text.</summary>
    public Task WaitForLogAsync(string text) =>
        Wait.UntilAsync(() => Log.Contains(text, StringComparison.Ordinal), $"mosquitto logs \"{text}\"", lastSeen: () => Log);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }

    private RunningProcess Running =>
        _process ?? throw new InvalidOperationException("This mosquitto does not run. Start it first.");

    private async Task EndAsync(Func<RunningProcess, Task> end)
    {
        await using var process = Running;
        await end(process);
        _earlier.Append(process.Error);
        _process = null;
    }

    private async Task WriteConfigurationAsync()
    {
        var passwords = _options.Users.Count == 0 ? null : await WritePasswordsAsync();
        var acl = _options.Acl is null ? null : _folder.Write("acl", _options.Acl + "\n");
        if (_options.Persistence)
            Directory.CreateDirectory(_folder.Combine("sessions"));
        var listeners = _options.Listeners.Select((listener, index) => listener.Configuration(Ports[index], _folder, index));
        string?[] lines =
        [
            // Started by root it would become another user, who cannot read the test's files.
            $"user {Environment.UserName}",
            "per_listener_settings false",
            "log_dest stderr",
            .. _options.Verbose ? ["log_type all"] : new[] { "error", "warning", "notice", "information" }.Select(type => $"log_type {type}"),
            "set_tcp_nodelay true",
            $"allow_anonymous {(passwords is null || _options.AllowAnonymousToo ? "true" : "false")}",
            passwords is null ? null : $"password_file {passwords}",
            acl is null ? null : $"acl_file {acl}",
            .. _options.Persistence ? ["persistence true", $"persistence_location {_folder.Combine("sessions")}/"] : new[] { "persistence false" },
            .. _options.Lines,
            .. listeners.SelectMany(line => line),
            // mosquitto 2.0 does not start with WebSockets listeners alone.
            _options.Listeners.All(listener => listener.WebSockets) ? $"listener {FreePort.Next()} 127.0.0.1" : null,
        ];
        _folder.Write("mosquitto.conf", string.Join('\n', lines.OfType<string>()) + "\n");
    }

    private async Task<string> WritePasswordsAsync()
    {
        var file = _folder.Write("passwords", string.Concat(_options.Users.Select(user => $"{user.Key}:{user.Value}\n")));
        (await ProcessRunner.RunAsync("mosquitto_passwd", "-U", file)).MustSucceed();
        return file;
    }
}
