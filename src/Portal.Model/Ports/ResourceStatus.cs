namespace Portal.Model.Ports;

/// <summary>How well a resource is, as <c>az iot ops check</c> maps what the service says.</summary>
public enum ResourceHealth { Success, Warning, Error }

/// <summary>What the service says of a resource: the status of a custom resource, or the provisioning state in Azure.</summary>
/// <param name="Health">The worst of all that follows.</param>
/// <param name="Provisioning">State of provisioning in the service's own word, for example <c>Succeeded</c>; null when not said.</param>
/// <param name="Runtime">State at run time in the service's own word, for example <c>Running</c>; null when not said.</param>
/// <param name="Message">Description, or cause of a failure; null when not said.</param>
/// <param name="Code">Code of an error; null without one.</param>
public sealed record ResourceStatus(ResourceHealth Health, string? Provisioning = null, string? Runtime = null, string? Message = null, string? Code = null);
