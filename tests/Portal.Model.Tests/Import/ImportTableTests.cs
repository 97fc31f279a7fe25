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
    public void TheTextOfTheFindingsShowsNoSecret() => Assert.All(ImportCases.Read("traps.txt").Values, text => Assert.All(Importer.Read(text).Documents, document =>
    {
        var shown = document + string.Concat(document.Findings) + document.Resource + document.Secret + document.Resource?.Kept;
        Assert.DoesNotContain("hunter2", shown);
        Assert.DoesNotContain("c2VjcmV0", shown);
        Assert.DoesNotContain("<PASSWORD>", shown);
    }));
}
