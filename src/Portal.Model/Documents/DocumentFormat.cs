namespace Portal.Model.Documents;

/// <summary>What an endpoint can be shown as.</summary>
public enum DocumentFormat
{
    /// <summary>Kubernetes custom resource as YAML: what the folder stores.</summary>
    Yaml,

    /// <summary>Bicep file.</summary>
    Bicep,

    /// <summary>Azure Resource Manager deployment template.</summary>
    Arm,

    /// <summary>Azure CLI command, with the other commands that go with the endpoint as comments.</summary>
    Az,

    /// <summary>Kubernetes custom resource as JSON.</summary>
    Json,
}

/// <summary>The text of a document, and what is to be said of it.</summary>
/// <param name="Text">The text, with a newline at its end.</param>
/// <param name="Notes">What the format cannot say, and what to know before use.</param>
public sealed record DocumentText(string Text, IReadOnlyList<Validation.Finding> Notes);
