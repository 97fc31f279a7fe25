using Portal.Messaging.Flows;
using Portal.Model.Ports;

namespace Portal.Targets;

/// <summary>
/// One place where resources are applied to, with everything that works on it: its stores, connection tests, live traffic and
/// dataflows. They live in a container of their own, so that nothing of one target reaches into another.
/// </summary>
internal sealed class Target(TargetSettings settings, ServiceProvider services, int storeParts) : IAsyncDisposable
{
    public string Name => settings.Name;

    public TargetKind Kind => settings.Kind;

    /// <summary>Where it is, in short.</summary>
    public string Place => settings.Place;

    /// <summary>Its name on the pages.</summary>
    public string Title => settings.IsImplied ? settings.Place : settings.Name;

    /// <summary>What stands beside the name; null when there is nothing more to say.</summary>
    public string? Detail => settings.IsImplied || settings.Place == settings.Name ? null : settings.Place;

    /// <summary>Which dataflows this portal runs there.</summary>
    public FlowRule Rule => settings.Rule;

    /// <summary>Where it is, in full.</summary>
    public string Address => settings.Address;

    public IServiceProvider Services => services;

    public IResourceStore Resources => Get<IResourceStore>();

    public ISecretStore Secrets => Get<ISecretStore>();

    public IConfigMapStore ConfigMaps => Get<IConfigMapStore>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>What keeps its stores up to date; started before anything that works on them.</summary>
    public IEnumerable<IHostedService> StoreParts => services.GetServices<IHostedService>().Take(storeParts);

    /// <summary>What works on its stores: dataflows, counts.</summary>
    public IEnumerable<IHostedService> WorkParts => services.GetServices<IHostedService>().Skip(storeParts);

    public ValueTask DisposeAsync() => services.DisposeAsync();
}

/// <summary>The target that a page or a call works on: the default one until another is chosen.</summary>
internal sealed class TargetScope(TargetSet targets)
{
    public Target Target { get; private set; } = targets.Default;

    /// <summary>Chooses by name. Before anything of the target is asked for; false when there is none of that name.</summary>
    public bool Choose(string name)
    {
        if (targets.Find(name) is not { } target)
            return false;
        Target = target;
        return true;
    }
}
