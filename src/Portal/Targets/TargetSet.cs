using Microsoft.Extensions.Options;
using Portal.Hosting;

namespace Portal.Targets;

/// <summary>All targets of this portal.</summary>
internal sealed class TargetSet : IAsyncDisposable
{
    public TargetSet(PortalOptions options, IConfiguration configuration, IServiceProvider root)
    {
        All = [.. options.Targets.Select(settings => TargetServices.Build(settings, options, configuration, root))];
        foreach (var target in All)
            target.Services.GetService<IStartupValidator>()?.Validate();
    }

    internal TargetSet(IReadOnlyList<Target> all) => All = all;

    public IReadOnlyList<Target> All { get; }

    /// <summary>The one that is shown until another is chosen.</summary>
    public Target Default => All[0];

    public Target? Find(string? name) => All.FirstOrDefault(target => target.Name == name);

    public async ValueTask DisposeAsync()
    {
        foreach (var target in All)
            await target.DisposeAsync();
    }
}

/// <summary>Starts and stops the stores of all targets.</summary>
internal sealed class TargetStores(TargetSet targets) : TargetParts([.. targets.All.SelectMany(target => target.StoreParts)]);

/// <summary>Starts and stops what works on the stores of all targets.</summary>
internal sealed class TargetWork(TargetSet targets) : TargetParts([.. targets.All.SelectMany(target => target.WorkParts)]);

/// <summary>Hosted services of the targets' containers, in order and back.</summary>
internal abstract class TargetParts(IReadOnlyList<IHostedService> parts) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var part in parts)
            await part.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var part in parts.Reverse())
            await part.StopAsync(cancellationToken);
    }
}
