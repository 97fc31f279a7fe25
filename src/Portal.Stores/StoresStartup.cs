using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Stores.AzureResourceManager;
using Portal.Stores.Files;
using Portal.Stores.Kubernetes;

namespace Portal.Stores;

/// <summary>Makes the data folder ready before anything else starts.</summary>
internal sealed class StoresStartup(
    DataFolder folder, FileWriter writer, ManifestFolder manifests, IResourceStore resources, ILogger<StoresStartup> logger) : IHostedService
{
    private const string DefaultProfile = "default";

    // Says that the profile was made once, so that somebody who deletes it does not find it back.
    private string Marker => Path.Combine(folder.History, "first-start");

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await manifests.LoadAsync(cancellationToken).ConfigureAwait(false);
        await CreateDefaultProfileAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task CreateDefaultProfileAsync(CancellationToken cancellationToken)
    {
        if (File.Exists(Marker))
            return;
        if (!(await resources.ListAsync(cancellationToken).ConfigureAwait(false)).Of(ResourceKind.DataflowProfile).Any())
        {
            var profile = new DataflowProfile { Name = DefaultProfile, Namespace = Resource.DefaultNamespace, InstanceCount = 1 };
            switch (await resources.SaveAsync(profile, Precondition.New, cancellationToken).ConfigureAwait(false))
            {
                case StoreResult.Saved:
                    logger.DefaultProfileCreated();
                    break;
                case StoreResult.Denied(var message, var fix):
                    logger.DefaultProfileNotCreated(message, fix);
                    return;
                case StoreResult.Unavailable(var message, var fix):
                    logger.DefaultProfileNotCreated(message, fix);
                    return;
            }
        }
        try
        {
            await writer.WriteAsync(Marker, "The dataflow profile 'default' was made or was there.\n"u8.ToArray(), DataFolder.PrivateFile).ConfigureAwait(false);
        }
        catch (Exception exception) when (FileFaults.IsFault(exception))
        {
            var (message, fix) = FileFaults.Explain(exception, folder.History);
            logger.FolderNotReady(message, fix);
        }
    }
}

/// <summary>Makes the folder ready where the resources themselves are kept elsewhere.</summary>
internal sealed class OwnDataStartup(DataFolder folder) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => folder.PrepareAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Begins to watch the cluster.</summary>
internal sealed class KubernetesStartup(KubernetesTarget target) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        target.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Begins to read the instance.</summary>
internal sealed class AzureStartup(AzureTarget target) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        target.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
