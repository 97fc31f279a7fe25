namespace Portal.Messaging.Flows;

/// <summary>
/// The part of the work that this process has: of <paramref name="Hosts"/> flow hosts the one with ordinal
/// <paramref name="Host"/> runs the instances whose number modulo the hosts is its ordinal.
/// </summary>
/// <param name="Host">Ordinal of this process, 0 to hosts - 1.</param>
/// <param name="Hosts">How many flow hosts there are, at least 1.</param>
public sealed record FlowShare(int Host, int Hosts)
{
    /// <summary>One process runs every instance.</summary>
    public static FlowShare Whole { get; } = new(0, 1);

    /// <summary>The instances of a dataflow that run here.</summary>
    /// <param name="instances">Instances that its profile asks for.</param>
    public IEnumerable<int> Of(int instances) => Enumerable.Range(0, instances).Where(instance => instance % Hosts == Host);
}
