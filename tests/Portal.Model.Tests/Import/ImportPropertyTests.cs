using System.Text.Json.Nodes;
using CsCheck;
using Portal.Model.Documents;
using Portal.Model.Documents.Import;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Tests.Documents;
using Portal.Model.Validation;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Import;

/// <summary>A valid endpoint comes back from whatever hand and format it was written in; damage is never taken for something else.</summary>
public sealed class ImportPropertyTests
{
    private static readonly HashSet<string> Enums =
        [.. EndpointFields.Kafka.Concat(EndpointFields.Mqtt).Where(field => field.Choices.Length > 0 && field.Range is null).Select(field => field.FullPath), "spec.endpointType", "spec.hostType"];

    /// <summary>Texts that look like a placeholder are refused as such.</summary>
    private static readonly Gen<DataflowEndpoint> Valid = AnyEndpoint.Valid.Where(endpoint => Placeholders.Find(Manifest.Write(endpoint)) is null);

    [Theory]
    [InlineData(ImportFormat.Yaml)]
    [InlineData(ImportFormat.Json)]
    [InlineData(ImportFormat.ArmResource)]
    [InlineData(ImportFormat.ArmTemplate)]
    [InlineData(ImportFormat.Bicep)]
    public void AnyValidEndpointByAnotherHandReadsBackEqual(ImportFormat format) => Gen.Select(Valid, Gen.Int[0, 1_000_000]).Sample(
        (endpoint, seed) =>
        {
            var text = Write(endpoint, format, new RandomText(new Random(seed)));
            var result = Importer.Read(text);
            var document = Assert.Single(result.Documents);
            Assert.True(document.Outcome is ImportOutcome.Imported, string.Join("\n", result.AllFindings) + "\n" + text);
            Assert.Equal(format, document.Format);
            var expected = format is ImportFormat.Yaml or ImportFormat.Json ? endpoint : endpoint with { Namespace = Resource.DefaultNamespace };
            Assert.Equal(expected, document.Resource! with { Kept = null });
        },
        iter: 300);

    [Fact]
    public void WhatWeExportIsImportedWithoutAWord() => Gen.Select(Valid, AnyEndpoint.Pick(DocumentFormat.Yaml, DocumentFormat.Json, DocumentFormat.Arm, DocumentFormat.Bicep)).Sample(
        (endpoint, format) =>
        {
            var text = EndpointDocuments.Write(endpoint, format, new DocumentOptions { ApiVersion = DocumentOptions.ApiVersions[^1] });
            var document = Assert.Single(Importer.Read(text.Text).Documents);
            Assert.True(document.Outcome is ImportOutcome.Imported, string.Join("\n", document.Findings) + "\n" + text.Text);
            Assert.DoesNotContain(document.Findings, finding => finding.After is not null);
            if (text.Notes.Count == 0)
                Assert.Equal(format is DocumentFormat.Yaml or DocumentFormat.Json ? endpoint : endpoint with { Namespace = Resource.DefaultNamespace }, document.Resource);
        },
        iter: 500);

    /// <summary>Silence means that the strict reader sees the same; all else leaves a finding.</summary>
    [Fact]
    public void ADamagedTextIsNeverTakenSilentlyForSomethingElse() => Gen.Select(Valid, Gen.Int[0, 1_000_000], Gen.Bool).Sample(
        (endpoint, seed, isYaml) =>
        {
            var text = TextMutation.Of(EndpointDocuments.Write(endpoint, isYaml ? DocumentFormat.Yaml : DocumentFormat.Json).Text, new Random(seed));
            var result = Importer.Read(text);
            if (result.Findings.Count > 0 || result.Documents is not [{ Outcome: ImportOutcome.Imported, Resource: { } resource } document] || document.Findings.Any(finding => finding.After is not null || IsOfText(finding)))
                return;
            // The lenient reading knows more of YAML (core tags, anchors, empty documents), which changes no content.
            var strict = Manifest.Read(text);
            if (strict.Findings is [{ Code: "yaml-tag" or "yaml-anchor" or "yaml-syntax" or "json-syntax" }])
                return;
            Assert.True(strict.Resource is not null, string.Join("\n", strict.Findings) + "\n" + text);
            Assert.Equal(strict.Resource with { Kept = null }, resource with { Kept = null });
        },
        iter: 3000);

    [Fact]
    public void ADamagedTextOfAnyKindIsReadToTheEnd()
    {
        var seeds = new[] { "kafka-page.txt", "mqtt-page.txt", "traps.txt" }.SelectMany(file => ImportCases.Read(file).Values).ToArray();
        // The same sample at every run; the benchmark goes through many more.
        for (var seed = 0; seed < 3000; seed++)
        {
            var text = TextMutation.Of(seeds[seed % seeds.Length], new Random(seed));
            var result = Importer.Read(text);
            Assert.All(result.AllFindings, finding => Assert.True(finding.Line >= 1 && finding.Column >= 1, $"{finding}\n{text}"));
            Assert.All(result.Documents.Where(document => document.Outcome is ImportOutcome.Imported), document =>
            {
                Assert.DoesNotContain(document.Findings, finding => finding.Severity is Severity.Error);
                Assert.Equal(document.Resource, Manifest.Read(Manifest.Write(document.Resource!)).Resource);
            });
        }
    }

    private static bool IsOfText(Finding finding) => finding.Code is "yaml-alias" or "json-comment" or "json-trailing-comma" or "duplicate-member" or "cluster-members" or "api-version-beta" or "unknown-member" or "fragment";

    private static string Write(DataflowEndpoint endpoint, ImportFormat format, RandomText by)
    {
        var root = by.Disorder(ResourceJson.Write(endpoint), Enums.Contains);
        var spec = (JsonObject)root["spec"]!;
        return format switch
        {
            ImportFormat.Yaml => by.Yaml(root),
            ImportFormat.Json => by.Json(root),
            ImportFormat.Bicep => by.Bicep(endpoint.Name, spec),
            ImportFormat.ArmResource => by.Json(Arm(endpoint.Name, spec)),
            _ => by.Json(new JsonObject { ["contentVersion"] = "1.0.0.0", ["resources"] = new JsonArray(Arm("i/" + endpoint.Name, Escape(spec))) }),
        };
    }

    private static JsonObject Arm(string name, JsonNode properties) => new()
    {
        ["type"] = "Microsoft.IoTOperations/instances/dataflowEndpoints",
        ["apiVersion"] = "2025-10-01",
        ["name"] = name,
        ["properties"] = properties.DeepClone(),
    };

    private static JsonNode Escape(JsonNode node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, member.Value is null ? null : Escape(member.Value)))),
        JsonValue value when value.TryGetValue<string>(out var text) && text.StartsWith('[') && text.EndsWith(']') => JsonValue.Create("[" + text),
        _ => node.DeepClone(),
    };
}
