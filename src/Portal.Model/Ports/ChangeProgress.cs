namespace Portal.Model.Ports;

/// <summary>How far a change of a resource is while <see cref="IResourceStore.SaveAsync"/> or <see cref="IResourceStore.DeleteAsync"/> goes on.</summary>
/// <param name="Kind">Kind of the resource.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsTaken">True once the service has taken the change: it goes on with it whoever waits.</param>
/// <param name="State">State of the change in the service's own word, for example <c>Accepted</c>; null when not said.</param>
/// <param name="Pause">How long the service asks to wait before it takes more requests; null when it does not.</param>
public sealed record ChangeProgress(ResourceKind Kind, string Name, bool IsTaken, string? State = null, TimeSpan? Pause = null);
