using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Dataflows;

/// <summary>Where the operations of a dataflow stand in its document, for example <c>spec.operations[1]</c>.</summary>
internal sealed record OperationPaths(string Source, string Transformation, string Destination)
{
    public static OperationPaths Of(Dataflow dataflow)
    {
        var operations = ResourceJson.Write(dataflow)["spec"]?["operations"] as JsonArray ?? [];
        return new OperationPaths(Path(DataflowJson.SourceType), Path(DataflowJson.TransformationType), Path(DataflowJson.DestinationType));

        string Path(string type)
        {
            for (var at = 0; at < operations.Count; at++)
                if (operations[at]?["operationType"]?.ToString() == type)
                    return string.Create(CultureInfo.InvariantCulture, $"spec.operations[{at}]");
            return "spec.operations";
        }
    }
}

/// <summary>What the rules of a dataflow look at.</summary>
/// <param name="Dataflow">The dataflow.</param>
/// <param name="Source">Its source endpoint; null when it is not there.</param>
/// <param name="Destination">Its destination endpoint; null when it is not there.</param>
/// <param name="Instances">Instances of its profile.</param>
/// <param name="Paths">Where its operations stand.</param>
/// <param name="Target">Where it is applied to.</param>
/// <param name="Findings">Where findings go.</param>
internal sealed record DataflowContext(
    Dataflow Dataflow, DataflowEndpoint? Source, DataflowEndpoint? Destination, int Instances, OperationPaths Paths, DataflowTarget Target, List<Finding> Findings)
{
    public void Add(Finding finding) => Findings.Add(finding);

    public void Error(string code, string path, string message, string fix) => Add(Finding.Error(code, path, message, fix));

    /// <summary>Adds a problem whose text ends with what to write.</summary>
    public void Error(string code, string path, string problem)
    {
        var split = problem.LastIndexOf(" Write ", StringComparison.Ordinal) is var write and > 0 ? write : problem.LastIndexOf(". ", StringComparison.Ordinal) + 1;
        Error(code, path, problem[..split], problem[(split + 1)..]);
    }

    public void CheckLength(string? text, int most, string path)
    {
        if (text?.Length > most)
            Error("too-long", path, string.Create(CultureInfo.InvariantCulture, $"The text has {text.Length} characters, {most} are allowed."), "Write a shorter one.");
    }
}
