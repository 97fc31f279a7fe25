using Portal.Model.Documents.Import;
using Portal.Model.Validation;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Import;

/// <summary>Every block of the documentation's pages and every trap of public files, each with exactly the findings that are expected.</summary>
public sealed class ImportTableTests
{
    [Theory]
    [InlineData("kafka-page", 36)]
    [InlineData("mqtt-page", 40)]
    [InlineData("traps", 43)]
    public void EveryTextHasExactlyTheExpectedFindings(string file, int count)
    {
        var texts = ImportCases.Read(file + ".txt");
        Assert.Equal(count, texts.Count);
        GoldenFile.Compare("import/" + file + ".txt", ImportCases.Table(texts));
    }

    [Fact]
    public void EveryFindingHasAPlaceAndSaysWhatToDo() => Assert.All(
        new[] { "kafka-page.txt", "mqtt-page.txt", "traps.txt" }.SelectMany(file => ImportCases.Read(file).Values).SelectMany(text => Importer.Read(text).AllFindings),
        finding =>
        {
            Assert.True(finding.Line >= 1 && finding.Column >= 1, finding.ToString());
            Assert.EndsWith(".", finding.Message, StringComparison.Ordinal);
            Assert.True(finding.Severity is not Severity.Error || finding.Fix is not null, finding.ToString());
        });

    [Fact]
    public void AnItemOfATemplateThatIsNoResourceIsReadAsAPart()
    {
        var document = Assert.Single(Importer.Read("""{ "languageVersion": "2.0", "resources": { "a": { "endpointType": "Mqtt", "mqttSettings": { "qos": 1 } } } }""").Documents);
        Assert.Equal((ImportOutcome.Refused, "DataflowEndpoint"), (document.Outcome, document.Kind));
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData:\n  password: *hunter2\n")]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData:\n  password: !hunter2 x\n")]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData:\n  password: ${hunter2}\n")]
    [InlineData("{ \"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": { \"name\": \"a\" }, \"data\": { \"password\": \"hunter2!\" } }")]
    [InlineData("@secure()\nparam key string = 'hunter2'\nresource r 'Microsoft.IoTOperations/instances/dataflowEndpoints@2024-11-01' = {\n  name: 'i/row'\n  properties: { endpointType: 'Mqtt', mqttSettings: { host: key } }\n}\n")]
    public void ASecretIsShownNowhere(string text)
    {
        var result = Importer.Read(text);
        Assert.DoesNotContain("hunter2", string.Concat(result.AllFindings) + string.Concat(result.Documents) + string.Concat(result.Documents.Select(document => document.Secret)));
        Assert.NotEmpty(result.AllFindings);
    }

    [Fact]
    public void TheTextOfTheFindingsShowsNoSecret() => Assert.All(ImportCases.Read("traps.txt").Values, text => Assert.All(Importer.Read(text).Documents, document =>
    {
        var shown = document + string.Concat(document.Findings) + document.Resource + document.Secret + document.Resource?.Kept;
        Assert.DoesNotContain("hunter2", shown);
        Assert.DoesNotContain("c2VjcmV0", shown);
        Assert.DoesNotContain("<PASSWORD>", shown);
    }));
}
