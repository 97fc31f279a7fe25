using System.Text;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

public sealed class ResourceStoreTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Each_resource_is_a_file_of_its_own_that_a_person_finds()
    {
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var endpoint = Sample.Endpoint("line3");
        var stored = Sample.Saved(await portal.Resources.SaveAsync(endpoint, Precondition.New));
        Sample.Saved(await portal.Resources.SaveAsync(new Dataflow { Name = "line3-to-cloud" }, Precondition.New));
        Sample.Saved(await portal.Resources.SaveAsync(new DataflowProfile { Name = "fast", InstanceCount = 3 }, Precondition.New));

        Assert.Equal(endpoint, stored.Value);
        Assert.Equal("dataflowendpoints/line3.yaml", stored.Location);
        Assert.Equal(Manifest.Write(endpoint), File.ReadAllText(folder.Combine("manifests/dataflowendpoints/line3.yaml")));
        Assert.Equal(
            ["dataflowendpoints/line3.yaml", "dataflowprofiles/default.yaml", "dataflowprofiles/fast.yaml", "dataflows/line3-to-cloud.yaml"],
            Directory.GetFiles(folder.Combine("manifests"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Combine("manifests"), file)).Order());
        Assert.Equal($"Folder {folder.Combine("manifests")}", portal.Resources.Target);
        Assert.Equal(stored, await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"));
        Assert.Null(await portal.Resources.FindAsync(ResourceKind.Dataflow, "line3"));
    }

    [Fact]
    public async Task What_is_stored_is_there_after_a_restart_with_the_same_revision()
    {
        StoreListing before;
        await using (var portal = await TestPortal.StartAsync(folder.Path))
        {
            Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
            before = await portal.Resources.ListAsync();
        }
        await using var again = await TestPortal.StartAsync(folder.Path);
        Assert.Equal(before.Resources, (await again.Resources.ListAsync()).Resources);
        Assert.Empty(before.Problems);
    }

    [Fact]
    public async Task An_edit_that_nobody_has_seen_yet_is_a_conflict_too()
    {
        await using var portal = TestPortal.Open(folder.Path);
        var stored = Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        folder.Write("manifests/dataflowendpoints/line3.yaml", Sample.Text("line3", "elsewhere.example:8883"));

        var conflict = Assert.IsType<StoreResult.Conflict>(await portal.Resources.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.At(stored.Revision)));
        Assert.Equal("elsewhere.example:8883", Sample.HostOf(conflict.Current));
        folder.Write("manifests/dataflowendpoints/line4.yaml", Sample.Text("line4"));
        Assert.NotNull(Assert.IsType<StoreResult.Conflict>(await portal.Resources.SaveAsync(Sample.Endpoint("line4"), Precondition.New)).Current);
    }

    [Fact]
    public async Task Deleting_removes_the_file_and_only_once()
    {
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var stored = Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Assert.Null(Assert.IsType<StoreResult.Saved>(await portal.Resources.DeleteAsync(ResourceKind.DataflowEndpoint, "line3", Precondition.At(stored.Revision))).Stored);
        Assert.False(File.Exists(folder.Combine("manifests/dataflowendpoints/line3.yaml")));
        Assert.Null(await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"));
        Assert.Null(Assert.IsType<StoreResult.Conflict>(await portal.Resources.DeleteAsync(ResourceKind.DataflowEndpoint, "line3", Precondition.None)).Current);
    }

    public static TheoryData<string, string> OddTexts => new()
    {
        { "dataflowendpoints/line3.yaml", Sample.Text("line3") },
        { "sites/north/Broker of hall 3.yml", Sample.Text("line3").ReplaceLineEndings("\r\n") },
        { "line3.yaml", "\ufeff" + Sample.Text("line3") },
        { "line3.json", """{"kind":"DataflowEndpoint","apiVersion":"connectivity.iotoperations.azure.com/v1beta1","metadata":{"name":"line3"},"spec":{"x":1,"endpointType":"Mqtt","mqttSettings":{"host":"b:1"}}}""" },
        { "other.yaml", "---\n" + Sample.Text("line3") + "...\n" },
    };

    [Theory]
    [MemberData(nameof(OddTexts))]
    public async Task Saving_what_nobody_changed_leaves_the_file_as_somebody_wrote_it(string location, string text)
    {
        var file = folder.Write("manifests/" + location, text);
        var bytes = File.ReadAllBytes(file);
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var stored = (await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"))!;
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var saved = Sample.Saved(await portal.Resources.SaveAsync(stored.Value, Precondition.At(stored.Revision)));
        Assert.Equal(stored.Revision, saved.Revision);
        Assert.Equal(bytes, File.ReadAllBytes(file));
        Assert.Equal(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), File.GetLastWriteTimeUtc(file));
        Assert.Equal(location, stored.Location);
    }

    [Theory]
    [InlineData("sites/north/hall 3.yml")]
    [InlineData("line3.json")]
    public async Task A_change_goes_to_the_file_that_the_resource_came_from(string location)
    {
        var file = folder.Write("manifests/" + location, """{"apiVersion":"connectivity.iotoperations.azure.com/v1","kind":"DataflowEndpoint","metadata":{"name":"line3"},"spec":{"endpointType":"Mqtt","mqttSettings":{"host":"b:1"}}}""");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite);
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var stored = Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3", "new"), Precondition.None));

        Assert.Equal(location, stored.Location);
        var text = File.ReadAllText(file);
        // Somebody wrote JSON into it, whatever its name says.
        Assert.StartsWith("{", text, StringComparison.Ordinal);
        Assert.Equal(Sample.Endpoint("line3", "new"), Manifest.Read(text).Endpoint);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, File.GetUnixFileMode(file));
        Assert.False(Directory.Exists(folder.Combine("manifests/dataflowendpoints")));
    }

    [Theory]
    [InlineData("../../outside")]
    [InlineData("/etc/portal")]
    [InlineData("Line3")]
    [InlineData("a")]
    [InlineData("line3\n")]
    [InlineData("..")]
    [InlineData("")]
    public async Task Names_that_no_resource_may_have_are_refused_before_they_become_paths(string name)
    {
        await using var portal = TestPortal.Open(folder.Combine("data"));
        var invalid = Assert.IsType<StoreResult.Invalid>(await portal.Resources.SaveAsync(Sample.Endpoint(name), Precondition.None));
        Assert.Equal("metadata.name", Assert.Single(invalid.Findings).Path);
        Assert.IsType<StoreResult.Conflict>(await portal.Resources.DeleteAsync(ResourceKind.DataflowEndpoint, name, Precondition.None));
        Assert.Equal([folder.Combine("data")], Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal([".gitignore", ".lock"], Directory.GetFiles(folder.Combine("data"), "*", SearchOption.AllDirectories).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_file_name_that_another_resource_has_is_not_taken_from_it()
    {
        folder.Write("manifests/dataflowendpoints/line3.yaml", Sample.Text("other"));
        folder.Write("manifests/dataflowendpoints/LINE4.yaml", Sample.Text("another"));
        await using var portal = await TestPortal.StartAsync(folder.Path);
        Assert.Equal("dataflowendpoints/line3-2.yaml", Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New)).Location);
        Assert.Equal("dataflowendpoints/line4-2.yaml", Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line4"), Precondition.New)).Location);
        Assert.Equal(5, (await portal.Resources.ListAsync()).Resources.Count);
    }

    [Fact]
    public async Task Types_that_the_portal_does_not_edit_survive_untouched()
    {
        const string text = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowEndpoint\nmetadata:\n  name: lake\nspec:\n  endpointType: DataLakeStorage\n  dataLakeStorageSettings:\n    host: https://lake.example\n";
        var file = folder.Write("manifests/lake.yaml", text);
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var stored = (await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "lake"))!;
        Sample.Saved(await portal.Resources.SaveAsync(stored.Value with { Namespace = "plant" }, Precondition.At(stored.Revision)));
        Assert.Equal(text.Replace("  name: lake\n", "  name: lake\n  namespace: plant\n", StringComparison.Ordinal), File.ReadAllText(file));
    }

    [Fact]
    public async Task Ten_thousand_endpoints_are_read_once_and_listed_from_memory()
    {
        Directory.CreateDirectory(folder.Combine("manifests/dataflowendpoints"));
        for (var i = 0; i < 10_000; i++)
            File.WriteAllBytes(folder.Combine($"manifests/dataflowendpoints/line{i}.yaml"), Encoding.UTF8.GetBytes(Manifest.Write(Sample.Endpoint($"line{i}", "x"))));

        var before = Environment.CpuUsage.TotalTime;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var (started, processor) = (clock.Elapsed, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        clock.Restart();
        var listing = await portal.Resources.ListAsync();
        var listed = clock.Elapsed;
        clock.Restart();
        Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line5000", "y"), Precondition.None));
        await portal.Resources.ListAsync();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"start {started.TotalMilliseconds:0} ms ({processor:0} ms of processor, other tests included), list {listed.TotalMilliseconds:0.0} ms, save and list {clock.Elapsed.TotalMilliseconds:0} ms");

        Assert.Equal(10_000, listing.Of(ResourceKind.DataflowEndpoint).Count());
        Assert.Empty(listing.Problems);
    }
}
