using System.Text.Json.Nodes;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Import.Bicep;

/// <summary>Makes of a Bicep file the resources that it declares.</summary>
internal sealed class BicepReader
{
    private readonly BicepFile file;
    private readonly List<Finding> findings = [];
    private readonly BicepEvaluator evaluator;

    private BicepReader(string text, ReadingBudget parsing, ReadingBudget evaluating)
    {
        file = BicepParser.Parse(text, parsing, findings);
        evaluator = new BicepEvaluator(file, evaluating, findings);
    }

    /// <summary>The resources, and what is to be said of the file outside them.</summary>
    public static (IReadOnlyList<ImportSource> Sources, IReadOnlyList<Finding> Findings) Read(string text, CancellationToken cancellationToken)
    {
        var reader = new BicepReader(text, new ReadingBudget(cancellationToken), new ReadingBudget(cancellationToken));
        return reader.Sources();
    }

    private (IReadOnlyList<ImportSource>, IReadOnlyList<Finding>) Sources()
    {
        var sources = new List<(ImportSource Source, int EndLine)>();
        foreach (var resource in file.Resources.Where(resource => !resource.IsExisting))
            AddResource(resource, sources);
        if (file.Members.Count > 0)
        {
            var first = file.Members[0];
            var position = new TextPosition(first.Line, first.Column);
            sources.Add((new ImportSource((JsonObject)evaluator.Value(new BicepObject(file.Members, first.Line, first.Column), position)!, position, ImportFormat.Bicep), int.MaxValue));
        }
        // What is wrong within a resource belongs to it, and to the innermost one; the rest to the file.
        var left = findings.ToList();
        for (var at = sources.Count - 1; at >= 0; at--)
        {
            var (source, endLine) = sources[at];
            var own = left.Where(finding => finding.Line >= source.Position.Line && finding.Line <= endLine).ToList();
            sources[at] = (source with { Findings = own }, endLine);
            if (own.Count > 0)
                left.RemoveAll(own.Contains);
        }
        return ([.. sources.Select(one => one.Source)], left);
    }

    private void AddResource(BicepResource resource, List<(ImportSource, int)> sources)
    {
        switch (resource.Body)
        {
            case BicepLoop loop:
                if (!evaluator.ForEach(loop, () => AddResource(resource with { Body = loop.Body }, sources)))
                    findings.Add(Finding.Error("loop", "", $"The resource '{resource.Symbol}' is made in a loop over a list that is not known here.", "Write each resource itself, or give the list a value.") with { Line = resource.Line, Column = resource.Column });
                break;
            case BicepConditional conditional:
                findings.Add(Finding.Info("condition", "", "The resource depends on a condition; it is imported whatever that says.") with { Line = conditional.Line, Column = conditional.Column });
                AddResource(resource with { Body = conditional.Body }, sources);
                break;
            case BicepObject body:
                sources.Add((Source(resource, body), resource.EndLine));
                break;
            default:
                findings.Add(Finding.Error("bicep-syntax", "", $"The resource '{resource.Symbol}' has no body.", "Write = { ... } behind its type.") with { Line = resource.Line, Column = resource.Column });
                break;
        }
    }

    private ImportSource Source(BicepResource resource, BicepObject body)
    {
        var (type, version) = TypeOf(resource);
        var position = new TextPosition(resource.Line, resource.Column);
        position.Add("type", resource.Line, resource.Column);
        position.Add("apiVersion", resource.Line, resource.Column);
        var root = new JsonObject { ["type"] = type, ["apiVersion"] = version };
        // Of other resources nothing but the type is read; they may hold anything.
        if (type.StartsWith("Microsoft.IoTOperations/", StringComparison.OrdinalIgnoreCase))
        {
            var read = (JsonObject)evaluator.Value(body with { Members = [.. body.Members.Where(member => member.Name is not ("parent" or "dependsOn" or "scope"))] }, position)!;
            foreach (var (name, value) in read.ToArray())
            {
                read.Remove(name);
                root[name] = value;
            }
        }
        else
            root["name"] = evaluator.NameOf(resource);
        return new ImportSource(root, position, ImportFormat.Bicep) { ParentName = ParentName(resource, body) };
    }

    /// <summary>Type and API version; those of a nested resource are short.</summary>
    private (string Type, string? Version) TypeOf(BicepResource resource)
    {
        var given = resource.Type ?? "";
        var at = given.IndexOf('@', StringComparison.Ordinal);
        var (type, version) = at < 0 ? (given, null) : (given[..at], given[(at + 1)..]);
        if (resource.Around < 0 || type.Contains('.', StringComparison.Ordinal))
            return (type, version);
        var around = TypeOf(file.Resources[resource.Around]);
        return (around.Type + "/" + type, version ?? around.Version);
    }

    private string? ParentName(BicepResource resource, BicepObject body)
    {
        var parent = resource.Around >= 0 ? file.Resources[resource.Around]
            : body.Members.FirstOrDefault(member => member.Name == "parent")?.Value is BicepName { Name: var symbol } ? file.Resources.Find(one => one.Symbol == symbol)
            : null;
        return parent is null ? null : ImportSource.TextOf(evaluator.NameOf(parent));
    }
}
