using System.Text;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Model.Validation;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

/// <summary>Files that are no manifest, or not one that may be used: shown, never overwritten, hidden or repeated.</summary>
public sealed class BadFilesTests : IDisposable
{
    private const string Secret = "hunter2-in-clear";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, byte[], string, int, int> Files => new()
    {
        { "line3.yaml", [], "empty", 1, 1 },
        { "line3.yaml", Encoding.UTF8.GetBytes(Sample.Text("line3") + "---\n" + Sample.Text("line4")), "several-documents", 11, 1 },
        { "line3.yaml", "apiVersion: apps/v1\nkind: DataflowEndpoint\nmetadata:\n  name: line3\n"u8.ToArray(), "api-version", 1, 1 },
        { "line3.yaml", "a: 1\nb: \t- x\n\tc: 2\n"u8.ToArray(), "yaml-tab", 3, 1 },
        { "line3.json", "{ \"kind\": \"DataflowEndpoint\",\n  \"metadata\": { \"name\": \"line3\" \"x\" } }"u8.ToArray(), "json-syntax", 2, 33 },
        { "line3.yaml", [.. "metadata:\n  name: l"u8, 0xE4, .. "ne\n"u8], "not-utf8", 2, 10 },
        { "line3.yaml", Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("kind: x")).ToArray(), "not-utf8", 1, 1 },
        { "line3.yaml", new byte[(1024 * 1024) + 1], "file-too-large", 1, 1 },
        { "line3.yaml", "kind: DataflowEndpoint\nmetadata: {name: [line3]}\n"u8.ToArray(), "api-version", 1, 1 },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_file_that_cannot_be_read_is_named_with_line_and_column(string name, byte[] bytes, string code, int line, int column)
    {
        var file = folder.Combine("manifests", name);
        Directory.CreateDirectory(folder.Combine("manifests"));
        File.WriteAllBytes(file, bytes);
        await using var portal = await TestPortal.StartAsync(folder.Path);

        var problems = (await portal.Resources.ListAsync()).Problems;
        var problem = Assert.Single(problems, problem => problem.Finding.Code == code && problem.Name is "line3");
        Assert.Equal((name, line, column), (problem.Location, problem.Finding.Line, problem.Finding.Column));
        Assert.All(problems, problem => Assert.False(string.IsNullOrWhiteSpace(problem.Finding.Fix)));
        var denied = Assert.IsType<StoreResult.Denied>(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.None));
        Assert.Contains(name, denied.Message);
        Assert.Equal(bytes, File.ReadAllBytes(file));
        Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line5"), Precondition.None));
    }

    [Fact]
    public async Task A_resource_of_a_kind_that_is_not_ours_is_shown_and_stands_in_nobodys_way()
    {
        folder.Write("manifests/line3.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: line3\n");
        await using var portal = await TestPortal.StartAsync(folder.Path);
        Assert.Equal(["api-version", "kind"], (await portal.Resources.ListAsync()).Problems.Select(problem => problem.Finding.Code).Order());
        Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
    }

    [Fact]
    public async Task A_file_with_two_documents_speaks_for_both_names()
    {
        folder.Write("manifests/both.yaml", Sample.Text("line3") + "---\n" + Sample.Text("line4"));
        await using var portal = await TestPortal.StartAsync(folder.Path);
        Assert.Equal(["line3", "line4"], (await portal.Resources.ListAsync()).Problems.Select(problem => problem.Name));
        Assert.IsType<StoreResult.Denied>(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Assert.IsType<StoreResult.Denied>(await portal.Resources.SaveAsync(Sample.Endpoint("line4"), Precondition.New));
        Assert.DoesNotContain((await portal.Resources.ListAsync()).Resources, stored => stored.Value.Kind is ResourceKind.DataflowEndpoint);
    }

    [Fact]
    public async Task Two_files_with_one_name_are_both_shown_and_neither_is_used_or_overwritten()
    {
        var one = folder.Write("manifests/dataflowendpoints/line3.yaml", Sample.Text("line3"));
        var two = folder.Write("manifests/copy.yaml", Sample.Text("line3", "copy.example:1"));
        await using var portal = await TestPortal.StartAsync(folder.Path);

        var problems = (await portal.Resources.ListAsync()).Problems;
        Assert.Equal(["copy.yaml", "dataflowendpoints/line3.yaml"], problems.Select(problem => problem.Location));
        Assert.All(problems, problem => Assert.Equal(("line3", "duplicate-resource", 5, 5), (problem.Name, problem.Finding.Code, problem.Finding.Line, problem.Finding.Column)));
        Assert.Contains("copy.yaml, dataflowendpoints/line3.yaml", problems[0].Finding.Message);
        Assert.Null(await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"));
        Assert.IsType<StoreResult.Denied>(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.None));
        Assert.IsType<StoreResult.Denied>(await portal.Resources.DeleteAsync(ResourceKind.DataflowEndpoint, "line3", Precondition.None));
        Assert.Equal(Sample.Text("line3"), File.ReadAllText(one));

        File.Delete(two);
        await Wait.UntilAsync(async () => await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3") is not null, "the one that is left is used");
        Assert.Empty((await portal.Resources.ListAsync()).Problems);
    }

    [Theory]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata:\n  name: line3\nstringData:\n  password: hunter2-in-clear\n")]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata:\n  name: line3\nstringData:\n  password: *hunter2-in-clear\n")]
    [InlineData("apiVersion: v1\nkind: Secret\nmetadata:\n  name: line3\nstringData:\n  password: hunter2-in-clear: [\n")]
    [InlineData("{\"apiVersion\":\"v1\",\"kind\":\"Secret\",\"metadata\":{\"name\":\"line3\"},\"stringData\":{\"password\":\"hunter2-in-clear\"} oops")]
    [InlineData("apiVersion: v1\nkind: List\nitems:\n- kind: Secret\n  metadata: {name: line3}\n  stringData: {password: !hunter2-in-clear x}\n")]
    public async Task A_kubernetes_secret_is_a_problem_and_its_values_are_repeated_nowhere(string text)
    {
        folder.Write("manifests/secret.yaml", text);
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var problem = Assert.Single((await portal.Resources.ListAsync()).Problems);
        Assert.Equal("secret-in-manifests", problem.Finding.Code);
        Assert.DoesNotContain(Secret, problem.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, portal.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, (await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.None)).ToString(), StringComparison.Ordinal);
        Assert.All(await portal.Activity.ReadAsync(new ActivityQuery()), entry => Assert.DoesNotContain(Secret, entry.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Links_are_followed_inside_the_folder_only_and_never_replaced()
    {
        var outside = folder.Write("outside/line3.yaml", Sample.Text("line3"));
        folder.Write("outside/secret.txt", Secret);
        folder.Write("data/manifests/.shelf/line4.yaml", Sample.Text("line4"));
        var manifests = folder.Combine("data/manifests");
        File.CreateSymbolicLink(Path.Combine(manifests, "line3.yaml"), outside);
        File.CreateSymbolicLink(Path.Combine(manifests, "line4.yaml"), ".shelf/line4.yaml");
        File.CreateSymbolicLink(Path.Combine(manifests, "nowhere.yaml"), "not-there.yaml");
        File.CreateSymbolicLink(Path.Combine(manifests, "circle.yaml"), "circle.yaml");
        Directory.CreateSymbolicLink(Path.Combine(manifests, "more"), folder.Combine("outside"));
        await using var portal = await TestPortal.StartAsync(folder.Combine("data"));

        var listing = await portal.Resources.ListAsync();
        Assert.Equal(["line4"], listing.Of(ResourceKind.DataflowEndpoint).Select(stored => stored.Value.Name));
        Assert.Equal(
            [("circle.yaml", "file-unreadable"), ("line3.yaml", "link-outside"), ("more", "link-to-folder"), ("nowhere.yaml", "file-unreadable")],
            listing.Problems.Select(problem => (problem.Location, problem.Finding.Code)).Order());
        Assert.IsType<StoreResult.Denied>(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.None));
        Assert.Contains("is a link", Assert.IsType<StoreResult.Denied>(await portal.Resources.SaveAsync(Sample.Endpoint("line4"), Precondition.None)).Message);
        Assert.Equal(Sample.Text("line3"), File.ReadAllText(outside));
    }

    [Fact]
    public async Task A_change_behind_a_link_is_seen()
    {
        folder.Write("manifests/.shelf/line4.yaml", Sample.Text("line4"));
        File.CreateSymbolicLink(folder.Combine("manifests/line4.yaml"), ".shelf/line4.yaml");
        await using var portal = await TestPortal.StartAsync(folder.Path);
        folder.Write("manifests/.shelf/line4.yaml", Sample.Text("line4", "new.example:1"));
        await Wait.UntilAsync(async () => Sample.HostOf(await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line4")) == "new.example:1", "the change is seen");
    }

    [Fact]
    public async Task What_is_not_ours_is_left_alone()
    {
        folder.Write("manifests/.git/config.yaml", "not: ours");
        folder.Write("manifests/.hidden.yaml", "not: ours");
        folder.Write("manifests/kustomization.yaml", "resources: [line3.yaml]");
        folder.Write("manifests/README.md", "# Brokers");
        folder.Write("manifests/.0123.portal-tmp", "half a manif");
        await using var portal = await TestPortal.StartAsync(folder.Path);
        Assert.Empty((await portal.Resources.ListAsync()).Problems);
        Assert.False(File.Exists(folder.Combine("manifests/.0123.portal-tmp")));
        Assert.True(File.Exists(folder.Combine("manifests/.git/config.yaml")));
    }

    [Fact]
    public async Task File_names_that_differ_in_case_alone_are_advice()
    {
        folder.Write("manifests/line3.yaml", Sample.Text("line3"));
        folder.Write("manifests/Line3.yaml", Sample.Text("line4"));
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var listing = await portal.Resources.ListAsync();
        Assert.Equal(2, listing.Of(ResourceKind.DataflowEndpoint).Count());
        Assert.All(listing.Problems, problem => Assert.Equal((Severity.Warning, "names-differ-in-case"), (problem.Finding.Severity, problem.Finding.Code)));
        Assert.Equal(2, listing.Problems.Count);
    }
}
