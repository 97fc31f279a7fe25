using Portal.Model.Documents;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Documents;

/// <summary>Every document of every kind and method, filled in on Basic and on both tabs. Read the diff when one changes.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string, bool> Cases { get; } = new(ValidEndpoint.Cases.SelectMany(@case => new[] { (@case.ToString(), false), (@case.ToString(), true) }));

    [Theory]
    [MemberData(nameof(Cases))]
    public void EveryDocumentIsAsItsGoldenFile(string name, bool full)
    {
        var @case = ValidEndpoint.Cases.Single(@case => @case.ToString() == name);
        foreach (var format in Enum.GetValues<DocumentFormat>())
            GoldenFile.Compare(
                $"{@case.Kind.Id}/{@case.Method.ToString().ToLowerInvariant()}-{(full ? "advanced" : "basic")}.{Extension(format)}",
                EndpointDocuments.Write(full ? @case.Full : @case.Basic, format).Text);
    }

    private static string Extension(DocumentFormat format) => format switch
    {
        DocumentFormat.Arm => "arm.json",
        DocumentFormat.Az => "az.sh",
        _ => format.ToString().ToLowerInvariant(),
    };
}
