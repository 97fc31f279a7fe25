using System.Text;
using Portal.Model.Documents.Import;
using Portal.Model.Validation;
using Portal.Tests.Shared;

namespace Portal.Model.Tests.Import;

/// <summary>Texts of a data file, each under its title, and what importing them says as a table.</summary>
internal static class ImportCases
{
    private const string Mark = "%% ";

    /// <summary>Title to text.</summary>
    public static IReadOnlyDictionary<string, string> Read(string file) =>
        File.ReadAllText(Path.Combine(RepositoryRoot.TestProject, "Import", "Data", file)).Split(Mark, StringSplitOptions.RemoveEmptyEntries)
            .ToDictionary(part => part[..part.IndexOf('\n')], part => part[(part.IndexOf('\n') + 1)..]);

    /// <summary>The documents with their findings, one a line: what is compared with the expected table.</summary>
    public static string Table(IReadOnlyDictionary<string, string> texts)
    {
        var table = new StringBuilder();
        foreach (var (title, text) in texts)
        {
            var result = Importer.Read(text);
            table.Append("## ").Append(title).Append('\n');
            foreach (var finding in result.Findings)
                table.Append("! ").Append(Line(finding)).Append('\n');
            foreach (var document in result.Documents)
            {
                table.Append($"{document.Kind} '{document.Name}' {document.Outcome} {document.Format} {document.Line}:{document.Column}\n");
                foreach (var finding in document.Findings)
                    table.Append("  ").Append(Line(finding)).Append('\n');
            }
            table.Append('\n');
        }
        return table.ToString();
    }

    private static string Line(Finding finding) =>
        $"{finding.Severity.ToString().ToLowerInvariant()} {finding.Code} {finding.Path} {finding.Line}:{finding.Column}"
        + (finding.Before is null && finding.After is null ? "" : $" [{finding.Before} -> {finding.After}]");
}
