using System.Text;
using Portal.Model.Documents;
using Portal.Model.Documents.Import;
using Portal.Model.Endpoints;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Import;

/// <summary>Hostile and huge texts are refused as a whole, with a stated outcome.</summary>
public sealed class ImportLimitTests
{
    public static TheoryData<string, string, ImportRefusal> Hostile => new()
    {
        { "alias bomb", Bomb(), ImportRefusal.TooLarge },
        { "alias that grows deeper", string.Concat(Enumerable.Range(0, 100).Select(at => $"a{at}: &a{at} {{ x: {(at == 0 ? "1" : "*a" + (at - 1))} }}\n")), ImportRefusal.TooDeep },
        { "brackets", new string('[', 100_000), ImportRefusal.TooDeep },
        { "braces of JSON", string.Concat(Enumerable.Repeat("{\"a\":", 100_000)), ImportRefusal.TooDeep },
        { "hyphens", string.Concat(Enumerable.Repeat("- ", 100_000)), ImportRefusal.TooDeep },
        { "braces of Bicep", "param a object = " + string.Concat(Enumerable.Repeat("{\na: ", 100_000)), ImportRefusal.TooDeep },
        { "parentheses", "var a = " + new string('(', 100_000), ImportRefusal.TooDeep },
        { "exclamation marks", "var a = " + new string('!', 100_000), ImportRefusal.TooDeep },
        { "texts in texts", "var a = " + string.Concat(Enumerable.Repeat("'${", 100_000)), ImportRefusal.TooDeep },
        { "variables that double", Doubling(), ImportRefusal.TooLarge },
        { "variables of a template that double", DoublingTemplate(), ImportRefusal.TooLarge },
        { "many values", "{\"a\": [" + string.Join(",", Enumerable.Repeat("1", ReadingBudget.MostValues)) + "]}", ImportRefusal.TooLarge },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void AHostileTextIsRefusedAsAWhole(string what, string text, ImportRefusal refusal)
    {
        var result = Importer.Read(text);
        Assert.True(result.Refusal == refusal, what + ": " + string.Join("\n", result.AllFindings.Take(5)));
        Assert.Empty(result.Documents);
        Assert.NotNull(Assert.Single(result.Findings).Fix);
    }

    [Theory]
    [InlineData("\u0000\u0001\u0002ELF", "not-text")]
    [InlineData("a: \ufffd", "not-utf8")]
    [InlineData("a: \ud800", "not-utf8")]
    public void WhatIsNoTextIsRefusedWithItsPlace(string text, string code)
    {
        var result = Importer.Read("a: 1\n" + text);
        Assert.Empty(result.Documents);
        var finding = Assert.Single(result.Findings);
        Assert.Equal((code, 2), (finding.Code, finding.Line));
    }

    [Fact]
    public void ATextAboveTheLimitIsRefusedAsAWhole()
    {
        var result = Importer.Read(new string('a', 11), new ImportOptions { MostCharacters = 10 });
        Assert.Equal(ImportRefusal.TooLarge, result.Refusal);
        Assert.Equal("too-large", Assert.Single(result.Findings).Code);
    }

    [Fact]
    public void ManyDocumentsAreReadWithProgressAndOneMoreThanAllowedIsRefused()
    {
        var text = Many(120);
        var reports = new List<ImportProgress>();
        var result = Importer.Read(text, new ImportOptions { MostDocuments = 120 }, new Listener(reports));
        Assert.Equal(120, result.Documents.Count(document => document.Outcome is ImportOutcome.Imported));
        Assert.True(reports.Count > 2);
        Assert.Equal(new ImportProgress(120, text.Length, text.Length), reports[^1]);
        Assert.Equal(reports.Select(report => report.Characters).Order(), reports.Select(report => report.Characters));
        var refused = Importer.Read(text, new ImportOptions { MostDocuments = 119 });
        Assert.Equal((ImportRefusal.TooLarge, "too-many-documents"), (refused.Refusal, refused.Findings[0].Code));
    }

    [Fact]
    public void ReadingEndsWhenItIsCancelled()
    {
        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Importer.Read(Many(200), null, new Canceller(source), source.Token));
    }

    [Fact]
    public void AHugeTextWithinADocumentIsLeftOutAndRefused()
    {
        var document = Importer.Read(Manifest.Write(ValidEndpoint.Of(EndpointKind.CustomMqtt)).Replace("spec:", "spec:\n  note: " + new string('x', 1_000_000))).Documents[0];
        Assert.Equal(ImportOutcome.Refused, document.Outcome);
        Assert.Contains(document.Findings, finding => finding.Code == "text-long");
        Assert.True(Manifest.Write(document.Resource!).Length < 10_000);
    }

    internal static string Many(int count)
    {
        var text = new StringBuilder();
        for (var at = 0; at < count; at++)
        {
            var @case = ValidEndpoint.Cases[at % ValidEndpoint.Cases.Count];
            text.Append("---\n").Append(Manifest.Write((at % 2 == 0 ? @case.Full : @case.Basic) with { Name = $"line-{at}" }));
        }
        return text.ToString();
    }

    private static string Bomb()
    {
        var text = new StringBuilder("a0: &a0 [ x, x, x, x, x, x, x, x, x, x ]\n");
        for (var at = 1; at < 9; at++)
            text.Append($"a{at}: &a{at} [ {string.Join(", ", Enumerable.Repeat("*a" + (at - 1), 10))} ]\n");
        return text.ToString();
    }

    private static string Doubling()
    {
        var text = new StringBuilder("var a0 = [ 1, 2 ]\n");
        for (var at = 1; at < 25; at++)
            text.Append($"var a{at} = {{ x: a{at - 1}, y: a{at - 1} }}\n");
        return text + "resource r 'Microsoft.IoTOperations/instances/dataflowEndpoints@2024-11-01' = {\n name: 'i/r'\n properties: a24\n}\n";
    }

    private static string DoublingTemplate()
    {
        var variables = string.Join(", ", Enumerable.Range(1, 19).Select(at => $"\"a{at}\": {{ \"x\": \"[variables('a{at - 1}')]\", \"y\": \"[variables('a{at - 1}')]\", \"z\": \"[variables('a{at - 1}')]\" }}"));
        var resource = "{ \"type\": \"Microsoft.IoTOperations/instances/dataflowEndpoints\", \"name\": \"i/r\", \"properties\": { \"endpointType\": \"Mqtt\", \"mqttSettings\": \"[variables('a7')]\" } }";
        return "{ \"variables\": { \"a0\": { \"x\": 1 }, " + variables + " }, \"resources\": [ " + string.Join(", ", Enumerable.Repeat(resource, 1000)) + " ] }";
    }

    private sealed class Listener(List<ImportProgress> reports) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => reports.Add(value);
    }

    private sealed class Canceller(CancellationTokenSource source) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => source.Cancel();
    }
}
