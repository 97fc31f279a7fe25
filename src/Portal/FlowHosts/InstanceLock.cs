using System.Globalization;
using Portal.Hosting;

namespace Portal.FlowHosts;

/// <summary>
/// Held while a flow host runs, so that two with one instance id never work on one data folder: they would sign in to
/// brokers as the same client and throw each other out. The system lets go of it however the process ends.
/// </summary>
internal sealed class InstanceLock(PortalOptions options) : IHostedService, IDisposable
{
    private FileStream? _file;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var id = options.Role.InstanceId.ToString(CultureInfo.InvariantCulture);
        var folder = Path.Combine(options.DataDirectory, "history");
        try
        {
            Directory.CreateDirectory(folder);
            _file = new FileStream(Path.Combine(folder, $".flow-host-{id}.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new BadSettingException($"{PortalOptions.Section}:InstanceId", id, $"a number that no other flow host on {options.DataDirectory} runs under; end that one first, or give this one its own number");
        }
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _file?.Dispose();
}
