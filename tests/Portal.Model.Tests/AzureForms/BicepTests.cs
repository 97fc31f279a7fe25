using System.Text.Json.Nodes;
using Portal.Model.Documents;
using Portal.Model.Documents.Export;
using Portal.Model.Tests.Documents;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.AzureForms;

/// <summary>The real Bicep compiler has nothing to say about our Bicep, and makes of it what we write as ARM JSON.</summary>
public sealed class BicepTests(BicepFixture bicep) : IClassFixture<BicepFixture>
{
    [Fact]
    public void EveryGoldenBicepCompilesWithoutADiagnosticToTheGoldenArm()
    {
        Assert.Equal(ValidEndpoint.Cases.Count * 2, bicep.Golden.Count);
        Assert.All(bicep.Golden, path =>
        {
            var template = JsonNode.Parse(bicep.Compiled.Clean(path))!.AsObject();
            template.Remove("metadata");
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(File.ReadAllText(path + ".arm.json")), template), path);
        });
    }

    [Fact]
    public void EveryApiVersionAndAnyValidEndpointCompilesAndComesBack() =>
        Assert.All(bicep.Endpoints, one => ArmComparison.Check(one.Endpoint, one.Version, bicep.Compiled.Clean(one.Name)));

    [Fact]
    public void EveryTextIsEscapedAsTheCompilerReadsIt() => Assert.All(bicep.Texts, text =>
    {
        var template = bicep.Compiled.Clean("text " + text);
        Assert.Equal(text, ArmDocument.Read(template).Endpoint!.Mqtt!.ClientIdPrefix);
        var ours = JsonNode.Parse(EndpointDocuments.Write(BicepFixture.WithText(text), DocumentFormat.Arm).Text)!["resources"]!;
        Assert.True(JsonNode.DeepEquals(ours, JsonNode.Parse(template)!["resources"]));
    });

    [Fact]
    public void EveryModuleCompilesWithoutADiagnosticToTheTemplateThatWeWrite() => Assert.All(ExportSelections.All, one =>
    {
        var compiled = Normal(bicep.Compiled.Clean("export " + one.Name));
        var ours = Normal(ResourceExport.Write(one.Selection, DocumentFormat.Arm, new DocumentOptions { ApiVersion = one.Version }).Text);
        Assert.Equal(compiled.ToJsonString(), ours.ToJsonString());
        Assert.Equal(one.Selection.Count, ours["resources"]!.AsArray().Count);
    });

    [Fact]
    public void EveryRoleAssignmentCompilesWithoutADiagnostic() => Assert.All(bicep.Roles, need =>
    {
        var assignment = JsonNode.Parse(bicep.Compiled.Clean("role " + need.Role.Name))!["resources"]!.AsArray().Single()!;
        Assert.Contains(need.Role.Id, (string?)assignment["properties"]!["roleDefinitionId"], StringComparison.Ordinal);
        Assert.Equal($"[resourceId('{need.NamespaceType}', '{need.Namespace}')]", (string?)assignment["scope"]);
    });

    [Fact]
    public void TheCompilerIsAskedInEarnest()
    {
        Assert.Contains(bicep.Compiled.Diagnostics["wrong"], line => line.Contains("BCP"));
        Assert.Equal(["wrong"], bicep.Compiled.Diagnostics.Select(file => file.Key));
    }

    private static JsonObject Normal(string template)
    {
        var root = JsonNode.Parse(template)!.AsObject();
        root.Remove("metadata");
        foreach (var resource in root["resources"]!.AsArray().OfType<JsonObject>().Where(resource => resource["dependsOn"] is not null))
            resource["dependsOn"] = new JsonArray([.. resource["dependsOn"]!.AsArray().Select(one => (string)one!).Order(StringComparer.Ordinal).Select(one => JsonValue.Create(one))]);
        // The compiler sorts the resources by their symbols.
        root["resources"] = new JsonArray([.. root["resources"]!.AsArray().OrderBy(resource => (string)resource!["type"]! + (string)resource["name"]!, StringComparer.Ordinal).Select(resource => resource!.DeepClone())]);
        return root;
    }
}
