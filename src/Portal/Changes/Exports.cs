using System.IO.Compression;
using System.Text;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Documents.Export;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Resources;

namespace Portal.Changes;

/// <summary>What a selection is exported as.</summary>
public enum ExportForm
{
    /// <summary>One YAML file with a document each.</summary>
    Yaml,

    /// <summary>A zip file with a YAML file each, as the folder has them.</summary>
    YamlFiles,

    Bicep,

    Arm,
}

/// <summary>A file for the browser or a caller of the API.</summary>
/// <param name="Notes">What the form cannot say.</param>
public sealed record ExportedFile(string FileName, string ContentType, byte[] Content, IReadOnlyList<Finding> Notes);

/// <summary>Exports selections for pages and API alike, and records that it was done.</summary>
public sealed class Exports(IActivityLog activity, TimeProvider clock)
{
    /// <summary>The file. Nothing is recorded.</summary>
    /// <param name="selection">At least one resource.</param>
    /// <param name="form">What it becomes.</param>
    /// <param name="options">API version and names for Azure; null = the defaults.</param>
    public static ExportedFile Make(IReadOnlyList<StoredResource> selection, ExportForm form, DocumentOptions? options = null)
    {
        var format = form switch { ExportForm.Bicep => DocumentFormat.Bicep, ExportForm.Arm => DocumentFormat.Arm, _ => DocumentFormat.Yaml };
        var fileName = ResourceExport.FileName(selection, format);
        if (form is ExportForm.YamlFiles)
            return new ExportedFile(Path.ChangeExtension(fileName, ".zip"), "application/zip", Zip(selection), []);
        var (text, notes) = ResourceExport.Write(selection, format, options);
        var type = format switch { DocumentFormat.Yaml => "application/yaml", DocumentFormat.Arm => "application/json", _ => "text/plain; charset=utf-8" };
        return new ExportedFile(fileName, type, Encoding.UTF8.GetBytes(text), notes);
    }

    /// <summary>Makes the file and records it.</summary>
    public async Task<ExportedFile> RunAsync(IReadOnlyList<StoredResource> selection, ExportForm form, DocumentOptions? options = null, CancellationToken cancellationToken = default)
    {
        var file = await Task.Run(() => Make(selection, form, options), cancellationToken);
        var kinds = selection.Select(stored => stored.Value.Kind).Distinct().ToList();
        var subject = selection is [var one] ? one.Value.Name
            : (kinds is [ResourceKind.DataflowEndpoint] ? Text.Endpoints_Count : Text.Export_Resources).With(selection.Count);
        await activity.AppendAsync(
            new ActivityEntry(clock.GetUtcNow(), Actor.Operator, ActivityAction.Exported, kinds[0].ToString(), subject, Text.Export_Recorded.With(subject, Text.Get("Export_Form" + form))),
            cancellationToken);
        return file;
    }

    /// <summary>The selection with the dataflows that use its endpoints, and the profiles of all dataflows in it.</summary>
    public static IReadOnlyList<StoredResource> WithDataflows(StoreListing listing, IReadOnlyList<StoredResource> selection)
    {
        var endpoints = selection.Where(stored => stored.Value.Kind is ResourceKind.DataflowEndpoint).Select(stored => stored.Value.Name).ToHashSet(StringComparer.Ordinal);
        var flows = listing.Of(ResourceKind.Dataflow).Where(stored => ((Dataflow)stored.Value).Uses.Any(use => endpoints.Contains(use.Endpoint)));
        var all = selection.Concat(flows).DistinctBy(KeyOf).ToList();
        var profiles = all.Select(stored => stored.Value).OfType<Dataflow>().Select(flow => flow.ProfileRef ?? "default").ToHashSet(StringComparer.Ordinal);
        return [.. all.Concat(listing.Of(ResourceKind.DataflowProfile).Where(stored => profiles.Contains(stored.Value.Name))).DistinctBy(KeyOf)];
    }

    private static (ResourceKind, string) KeyOf(StoredResource stored) => (stored.Value.Kind, stored.Value.Name);

    private static byte[] Zip(IReadOnlyList<StoredResource> selection)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (number, stored) in selection.Index())
            {
                // A name that is none may not choose where its file comes to lie.
                var name = NameRules.CheckResourceName(stored.Value.Name) is null ? stored.Value.Name : $"resource-{number + 1}";
                using var entry = zip.CreateEntry($"{stored.Value.Kind.ToString().ToLowerInvariant()}s/{name}.yaml").Open();
                entry.Write(Encoding.UTF8.GetBytes(stored.Yaml));
            }
        }
        return bytes.ToArray();
    }
}
