using Portal.Tests.Shared;

namespace Portal.EndToEnd.Tests;

/// <summary>The portal as an operator runs it: a process of its own on a free port, with the sandbox on free ports.</summary>
public sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly string _data;
    private readonly string[] _more;
    private IReadOnlyDictionary<string, string?>? _environment;
    private RunningProcess? _process;

    private PortalProcess(string data, string[] more)
    {
        _data = data;
        _more = more;
        Address = $"http://127.0.0.1:{FreePort.Next()}";
    }

    /// <summary>Base address; the same after a restart.</summary>
    public string Address { get; private init; }

    public string Output => _process?.Output + _process?.Error;

    public static Task<PortalProcess> StartAsync(string data, params string[] more) => StartAsync(new PortalProcess(data, more));

    /// <param name="address">Where it shall listen: an address that others were told before.</param>
    /// <param name="environment">Settings that are not to be seen in the list of processes.</param>
    public static Task<PortalProcess> StartAtAsync(string address, string data, IReadOnlyDictionary<string, string?> environment, params string[] more) =>
        StartAsync(new PortalProcess(data, more) { Address = address, _environment = environment });

    private static async Task<PortalProcess> StartAsync(PortalProcess portal)
    {
        try
        {
            await portal.StartAgainAsync();
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    public async Task StartAgainAsync()
    {
        // The build of the portal itself: what stands beside this test lacks the list of its static files.
        var configuration = Path.GetFileName(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)))!;
        var home = RepositoryRoot.Combine("src", "Portal");
        _process = RunningProcess.Start(
            "dotnet",
            [
                Path.Combine(home, "bin", configuration, Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)), "Portal.dll"),
                "--contentroot", home, "--urls", Address, "--Portal:DataDirectory", _data, "--Portal:Sandbox:TlsPort", "0", "--Portal:Sandbox:PlainPort", "0", .. _more,
            ], environment: _environment);
        await _process.WaitForOutputAsync("Now listening on", StartLimit);
    }

    /// <summary>Ends the portal as a power cut would.</summary>
    public async Task KillAsync()
    {
        await _process!.KillAsync();
        await _process.DisposeAsync();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
    }
}
