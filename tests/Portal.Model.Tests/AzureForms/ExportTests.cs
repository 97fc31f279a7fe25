using System.Text.Json.Nodes;
using Portal.Model.Documents;
using Portal.Model.Documents.Export;
using Portal.Model.Ports;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.AzureForms;

/// <summary>Selections as one file: what kubectl makes of it is what was selected.</summary>
public sealed class ExportTests
{
    [Fact]
    public void WhatAzureCannotSayIsInTheNotesAndInTheFile()
    {
        foreach (var format in (DocumentFormat[])[DocumentFormat.Bicep, DocumentFormat.Arm])
        {
            var (text, notes) = ResourceExport.Write([ExportSelections.Limits], format);
            Assert.Equal(
                ["metadata.namespace", "spec.kafkaSettings.authentication.anonymousSettings", "spec.kafkaSettings.batching.maxBytes", "spec.kafkaSettings.partitionKeyProperty"],
                notes.Select(note => note.Path).Order());
            Assert.All(notes, note => Assert.StartsWith("limits: ", note.Message, StringComparison.Ordinal));
            Assert.All(notes, note => Assert.Contains(note.Path, text, StringComparison.Ordinal));
            Assert.DoesNotContain("device", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task KubectlRendersEveryExportedFileAsItIs()
    {
        var files = ExportSelections.All.Select(export => (export.Name, export.Selection))
            .Concat(ExportSelections.Golden().Select(stored => (stored.Location, Selection: (IReadOnlyList<StoredResource>)[stored])))
            .ToList();
        using var folder = new TemporaryFolder();
        // One run for all: each file is a base of its own, and a prefix keeps names apart that several files hold.
        for (var at = 0; at < files.Count; at++)
        {
            folder.Write($"f{at}/export.yaml", ResourceExport.Write(files[at].Selection, DocumentFormat.Yaml).Text);
            folder.Write($"f{at}/kustomization.yaml", $"namePrefix: f{at}-\nresources: [export.yaml]\n");
        }
        folder.Write("kustomization.yaml", $"resources: [{string.Join(", ", Enumerable.Range(0, files.Count).Select(at => $"f{at}"))}]\n");
        var run = await ProcessRunner.RunAsync("kubectl", ["kustomize", folder.Path], limit: TimeSpan.FromSeconds(60), cancellationToken: TestContext.Current.CancellationToken);
        run.MustSucceed();
        var rendered = Yaml.Read(run.Output).Documents.ToDictionary(document => ((string)document.Root["kind"]!, (string)document.Root["metadata"]!["name"]!), document => document.Root);
        Assert.True(files.Count > 40);
        Assert.Equal(files.Sum(file => file.Selection.Count), rendered.Count);
        foreach (var (number, (name, selection)) in files.Index())
        {
            foreach (var stored in selection)
            {
                var document = rendered[(stored.Value.Kind.ToString(), $"f{number}-{stored.Value.Name}")];
                document["metadata"]!["name"] = stored.Value.Name;
                Assert.True(JsonNode.DeepEquals(ResourceJson.Write(stored.Value), document), $"{name}: {stored.Value.Name}");
            }
        }
    }

    [Fact]
    public void CommentsGoIntoTheFileUnlessMarksInItWouldEndADocument()
    {
        const string text = "# mine\r\napiVersion: connectivity.iotoperations.azure.com/v1\r\nkind: DataflowProfile\r\nmetadata: {name: night}\r\nspec: {}";
        var profile = new StoredResource(Manifest.Read(text).Resource!, "1", DateTimeOffset.UnixEpoch, "night.yaml") { Text = text };
        var marked = profile with { Text = "---\n" + text };
        var written = ResourceExport.Write([profile, marked], DocumentFormat.Yaml).Text;
        Assert.Equal(text.ReplaceLineEndings("\n") + "\n---\n" + Manifest.Write(profile.Value), written);
        Assert.Equal(2, Yaml.Read(written).Documents.Count);
    }
}
