using System.Text.RegularExpressions;
using Portal.Tests.Shared;

namespace Portal.Tests;

/// <summary>A lint of the Dockerfile: what can be told without an engine that builds it.</summary>
public sealed partial class DockerfileTests
{
    private static readonly IReadOnlyList<(string Name, string Value)> Instructions = Read();

    private static readonly IReadOnlyList<(string Name, string Value)> FinalStage =
        [.. Instructions.Skip(Instructions.Index().Last(instruction => instruction.Item.Name == "FROM").Index)];

    [Fact]
    public void Every_base_image_has_a_tag_that_stays_the_same_release() =>
        Assert.All(Values("FROM"), from => Assert.Matches(@"^(--platform=\S+ )?[\w./-]+:\d+(\.\d+)+ AS \w+$", from));

    [Fact]
    public void The_image_runs_as_the_user_of_the_base_image_who_is_not_root()
    {
        var user = Assert.Single(FinalStage, instruction => instruction.Name == "USER");

        Assert.Equal("$APP_UID", user.Value);
        Assert.DoesNotContain(FinalStage.SkipWhile(instruction => instruction != user), instruction => instruction.Name is "RUN" or "COPY");
    }

    [Fact]
    public void The_health_check_needs_no_program_beside_the_portal()
    {
        var check = Assert.Single(FinalStage, instruction => instruction.Name == "HEALTHCHECK");

        Assert.EndsWith("""CMD ["dotnet", "Portal.dll", "--health-check"]""", check.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void The_portal_gets_its_signals_itself() =>
        Assert.Equal(["""["dotnet", "Portal.dll"]"""], FinalStage.Where(instruction => instruction.Name == "ENTRYPOINT").Select(instruction => instruction.Value));

    [Fact]
    public void Nothing_listens_beyond_loopback_unless_the_operator_says_so()
    {
        var environment = string.Join(' ', Values("ENV"));

        Assert.Contains("ASPNETCORE_HTTP_PORTS= ", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("AllowUnauthenticated", environment, StringComparison.Ordinal);
        Assert.DoesNotContain("URLS", environment, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Folders_are_absolute_and_nothing_comes_from_elsewhere()
    {
        Assert.All(Values("WORKDIR"), folder => Assert.StartsWith("/", folder, StringComparison.Ordinal));
        Assert.Empty(Values("ADD"));
    }

    [Fact]
    public void Every_file_that_is_copied_exists_and_is_sent_to_the_builder()
    {
        var sent = File.ReadAllLines(RepositoryRoot.Combine(".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();

        foreach (var source in Values("COPY").Where(copy => !copy.StartsWith("--from", StringComparison.Ordinal)).SelectMany(copy => copy.Split(' ')[..^1]))
        {
            Assert.True(Path.Exists(RepositoryRoot.Combine(source)), $"{source} does not exist");
            Assert.Contains(source.Split('/')[0], sent);
        }
    }

    [Fact]
    public void The_restore_knows_every_project()
    {
        var projects = Directory.EnumerateFiles(RepositoryRoot.Combine("src"), "*.csproj", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(RepositoryRoot.Path, file));

        Assert.Equal(projects.Order(), Values("COPY").SelectMany(copy => copy.Split(' ')).Where(part => part.EndsWith(".csproj", StringComparison.Ordinal)).Order());
    }

    private static IEnumerable<string> Values(string name) =>
        Instructions.Where(instruction => instruction.Name == name).Select(instruction => instruction.Value);

    private static List<(string Name, string Value)> Read()
    {
        var lines = File.ReadAllLines(RepositoryRoot.Combine("Dockerfile")).Where(line => !line.TrimStart().StartsWith('#'));
        var joined = Continuation().Replace(string.Join('\n', lines), " ");
        return [.. joined.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.Split(' ', 2, StringSplitOptions.TrimEntries))
            .Select(parts => (parts[0], parts[1]))];
    }

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continuation();
}
