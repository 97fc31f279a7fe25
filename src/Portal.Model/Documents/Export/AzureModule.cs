using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Model.Documents.Export;

/// <summary>One resource of a module.</summary>
/// <param name="Symbol">Its name within a Bicep file, unique there.</param>
/// <param name="Type">Type in Azure.</param>
/// <param name="Name">Last part of its name.</param>
/// <param name="Profile">The profile that a dataflow is below; null for other resources.</param>
/// <param name="Properties">What Azure takes of the spec; null for a resource that must be there already.</param>
/// <param name="DependsOn">Resources of the module that must be there first, apart from the profile.</param>
internal sealed record AzureResource(string Symbol, string Type, string Name, AzureResource? Profile, JsonObject? Properties, IReadOnlyList<AzureResource> DependsOn)
{
    public bool Exists => Properties is null;
}

/// <summary>A selection as Azure has it: endpoints and profiles below the instance, dataflows below their profile.</summary>
/// <param name="Resources">Resources, each after those that it needs.</param>
/// <param name="Notes">What the types of Azure cannot say; each message starts with the name of the resource.</param>
internal sealed record AzureModule(IReadOnlyList<AzureResource> Resources, IReadOnlyList<Finding> Notes)
{
    private const string Instances = "Microsoft.IoTOperations/instances/";
    private const string ProfileType = Instances + "dataflowProfiles";

    public static AzureModule Of(IReadOnlyList<StoredResource> selection, DocumentOptions options)
    {
        var builder = new Builder(options);
        foreach (var kind in (ResourceKind[])[ResourceKind.DataflowEndpoint, ResourceKind.DataflowProfile, ResourceKind.Dataflow])
            foreach (var stored in selection.Where(stored => stored.Value.Kind == kind))
                builder.Add(stored.Value);
        return new AzureModule(builder.Resources, builder.Notes);
    }

    private sealed class Builder(DocumentOptions options)
    {
        private readonly HashSet<string> symbols = new(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<string, AzureResource> endpoints = new(StringComparer.Ordinal);
        private readonly Dictionary<string, AzureResource> profiles = new(StringComparer.Ordinal);

        public List<AzureResource> Resources { get; } = [];

        public List<Finding> Notes { get; } = [];

        public void Add(Resource resource)
        {
            var form = AzureForm.Of(resource, options);
            Notes.AddRange(form.Notes.Select(note => note with { Message = $"{resource.Name}: {note.Path}: {note.Message}" }));
            switch (resource)
            {
                case Dataflow dataflow:
                    var profile = ProfileOf(dataflow.ProfileRef ?? "default");
                    AzureResource[] uses = [.. dataflow.Uses.Select(use => endpoints.GetValueOrDefault(use.Endpoint)).OfType<AzureResource>().Distinct()];
                    Resources.Add(new AzureResource(SymbolOf("dataflow", resource.Name), ProfileType + "/dataflows", resource.Name, profile, form.Properties, uses));
                    break;
                case DataflowProfile:
                    Resources.Add(profiles[resource.Name] = new AzureResource(SymbolOf("profile", resource.Name), ProfileType, resource.Name, null, form.Properties, []));
                    break;
                default:
                    Resources.Add(endpoints[resource.Name] = new AzureResource(SymbolOf("endpoint", resource.Name), ArmText.ResourceType, resource.Name, null, form.Properties, []));
                    break;
            }
        }

        private AzureResource ProfileOf(string name)
        {
            if (profiles.TryGetValue(name, out var profile))
                return profile;
            Resources.Add(profiles[name] = profile = new AzureResource(SymbolOf("profile", name), ProfileType, name, null, null, []));
            return profile;
        }

        private string SymbolOf(string kind, string name)
        {
            var symbol = kind + "_" + string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
            for (var number = 2; !symbols.Add(symbol); number++)
                symbol = string.Create(CultureInfo.InvariantCulture, $"{symbol}_{number}");
            return symbol;
        }
    }
}
