using Portal.Model.Documents;
using Portal.Model.Documents.Import;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Import;

public sealed class ImporterTests
{
    [Fact]
    public void EveryDocumentOfAManifestIsImported()
    {
        var endpoints = ValidEndpoint.Cases.Select(@case => @case.Basic).ToList();
        var result = Importer.Read(string.Join("---\n", endpoints.Select(Manifest.Write)));
        Assert.Null(result.Refusal);
        Assert.All(result.Documents, document => Assert.Equal(ImportOutcome.Imported, document.Outcome));
        Assert.Equal(endpoints, result.Documents.Select(document => document.Resource));
    }

    [Fact]
    public void ATextAboveTheLimitIsRefusedAsAWhole()
    {
        var result = Importer.Read(new string('a', 11), new ImportOptions { MostCharacters = 10 });
        Assert.Equal(ImportRefusal.TooLarge, result.Refusal);
        Assert.Empty(result.Documents);
        Assert.Equal("too-large", Assert.Single(result.Findings).Code);
    }
}
