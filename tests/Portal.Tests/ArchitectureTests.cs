using System.Reflection;
using System.Text.RegularExpressions;
using Portal.Tests.Shared;

namespace Portal.Tests;

/// <summary>The rules of docs/development.md that a machine can hold.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Generated = ["bin", "obj", ".git", ".vs", ".idea", "TestResults", "BenchmarkDotNet.Artifacts", "artifacts", "data"];

    [Theory]
    [InlineData("Portal.Model", "")]
    [InlineData("Portal.Stores", "Portal.Model")]
    [InlineData("Portal.Messaging", "Portal.Model")]
    [InlineData("Portal.Sandbox", "Portal.Messaging Portal.Model")]
    [InlineData("Portal", "Portal.Messaging Portal.Model Portal.Sandbox Portal.Stores")]
    public void A_project_uses_only_those_below_it(string assembly, string allowed)
    {
        var used = References(assembly).Where(name => name == "Portal" || name.StartsWith("Portal.", StringComparison.Ordinal));

        Assert.Empty(used.Except(allowed.Split(' ')));
    }

    [Fact]
    public void The_model_uses_the_base_library_and_the_yaml_parser_alone()
    {
        var others = References("Portal.Model")
            .Where(name => name != "YamlDotNet" && !name.StartsWith("System.", StringComparison.Ordinal));

        Assert.Empty(others);
    }

    [Theory]
    [InlineData("Portal.Stores", "MQTTnet", "Confluent.Kafka")]
    [InlineData("Portal.Sandbox", "Microsoft.AspNetCore.Components", "MudBlazor")]
    [InlineData("Portal.Messaging", "Microsoft.AspNetCore.Components", "MudBlazor", "MQTTnet")]
    public void A_project_keeps_out_of_the_work_of_others(string assembly, params string[] forbidden) =>
        Assert.Empty(References(assembly).Intersect(forbidden));

    [Fact]
    public void No_source_file_is_larger_than_the_house_size()
    {
        var tooLarge =
            from file in Files("src")
            let limit = file.EndsWith(".razor.cs", StringComparison.Ordinal) ? 180
                : file.EndsWith(".razor", StringComparison.Ordinal) ? 130
                : file.EndsWith(".cs", StringComparison.Ordinal) ? 300
                : int.MaxValue
            let lines = limit == int.MaxValue ? 0 : File.ReadLines(file).Count()
            where lines > limit
            select $"{Shown(file)} has {lines} lines, at most {limit}: it is two things";

        Assert.Empty(tooLarge);
    }

    [Fact]
    public void Nothing_unfinished_is_in_the_product() => Assert.Empty(Found(Files("src"), Unfinished()));

    [Fact]
    public void No_path_of_somebodys_machine_is_in_the_repository() => Assert.Empty(Found(Files("."), MachinePath()));

    [Fact]
    public void No_private_key_is_in_the_repository() => Assert.Empty(Found(Files("."), PrivateKey()));

    private static IEnumerable<string> References(string assembly) =>
        Assembly.Load(assembly).GetReferencedAssemblies().Select(reference => reference.Name!);

    private static IEnumerable<string> Files(string folder)
    {
        var inside = new DirectoryInfo(RepositoryRoot.Combine(folder));
        foreach (var file in inside.EnumerateFiles())
            yield return file.FullName;
        foreach (var below in inside.EnumerateDirectories().Where(below => !Generated.Contains(below.Name)))
            foreach (var file in Files(below.FullName))
                yield return file;
    }

    private static IEnumerable<string> Found(IEnumerable<string> files, Regex pattern) =>
        from file in files
        where !IsBinary(file)
        from match in pattern.Matches(File.ReadAllText(file))
        select $"{Shown(file)}: {match.Value}";

    private static bool IsBinary(string file) => Path.GetExtension(file) is ".png" or ".woff2" or ".ico" or ".gz" or ".br";

    private static string Shown(string file) => Path.GetRelativePath(RepositoryRoot.Path, file);

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Unfinished();

    // The brackets keep this line from finding itself.
    [GeneratedRegex(@"(?<![\w.~}])/[h]ome/\w|(?<![\w.~}])/[r]oot/|/[U]sers/\w+/|[A-Z]:\\[U]sers\\")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"PRIVATE KEY-----[\s""]+[A-Za-z0-9+/]{40}")]
    private static partial Regex PrivateKey();
}
