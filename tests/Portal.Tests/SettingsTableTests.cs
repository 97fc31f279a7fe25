using System.Text.RegularExpressions;
using Portal.Model.Fields;
using Portal.Tests.Shared;

namespace Portal.Tests;

/// <summary>docs/settings.md names every setting of the endpoint pages, and only tests that exist.</summary>
public sealed partial class SettingsTableTests
{
    private static readonly string Table = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "settings.md"));

    [GeneratedRegex(@"`(\w+Tests)(?:\.(\w+))?`")]
    private static partial Regex TestName();

    [Fact]
    public void Every_setting_of_both_families_is_in_the_table() =>
        Assert.All(EndpointFields.Kafka.Concat(EndpointFields.Mqtt), field => Assert.Contains(field.Label, Table, StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Every_test_that_it_names_exists()
    {
        var folder = Path.Combine(RepositoryRoot.Path, "tests", "Portal.Messaging.Tests", "Flows");
        var names = TestName().Matches(Table).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).Distinct().ToList();
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains($" {name.Method}", File.ReadAllText(Path.Combine(folder, name.Class + ".cs")), StringComparison.Ordinal));
    }
}
