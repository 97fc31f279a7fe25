using System.Collections.Concurrent;
using System.Diagnostics;
using Portal.Model;
using Portal.Model.Ports;
using Portal.Stores.Files;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

/// <summary>Editors, git and scripts change the folder while the portal runs.</summary>
public sealed class OutsideEditTests : IDisposable
{
    private const string Line3 = "manifests/dataflowendpoints/line3.yaml";

    private readonly TemporaryFolder folder = new();
    private readonly ConcurrentQueue<StoreChange> changes = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Outside_edits_are_told_once_and_within_a_second_on_an_idle_machine()
    {
        await using var portal = await StartAsync();
        await NextAsync("a new file", () => folder.Write("manifests/any/where.yml", Sample.Text("line3")));
        await NextAsync("a change", () => folder.Write("manifests/any/where.yml", Sample.Text("line3", "new.example:8883")));
        await NextAsync("a deletion", () => File.Delete(folder.Combine("manifests/any/where.yml")));

        Assert.Equal(
            [(null, "broker.example:8883"), ("broker.example:8883", "new.example:8883"), ("new.example:8883", null)],
            changes.Select(change => (Sample.HostOf(change.Before), Sample.HostOf(change.After))));
        Assert.All(changes, change => Assert.Equal((ResourceKind.DataflowEndpoint, "line3", "any/where.yml", true), (change.Kind, change.Name, change.Location, change.Outside)));
        Assert.Null(await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"));
    }

    [Fact]
    public async Task Changes_of_ours_are_told_once_and_not_as_somebody_elses()
    {
        await using var portal = await StartAsync();
        Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.None));
        Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.None));
        Assert.IsType<StoreResult.Saved>(await portal.Resources.DeleteAsync(ResourceKind.DataflowEndpoint, "line3", Precondition.None));
        // Whatever the folder still had to tell is told before the news of this file.
        await NextAsync("a new file", () => folder.Write("manifests/line4.yaml", Sample.Text("line4")));

        Assert.Equal([false, false, false, true], changes.Select(change => change.Outside));
        Assert.Equal(["line3", "line3", "line3", "line4"], changes.Select(change => change.Name));
    }

    [Fact]
    public async Task A_file_that_moves_is_one_change_and_keeps_its_resource()
    {
        folder.Write("manifests/old.yaml", Sample.Text("line3"));
        await using var portal = await StartAsync();
        await NextAsync("a move", () =>
        {
            Directory.CreateDirectory(folder.Combine("manifests/new"));
            File.Move(folder.Combine("manifests/old.yaml"), folder.Combine("manifests/new/line3.yaml"));
        });
        var change = Assert.Single(changes);
        Assert.Equal(("old.yaml", "new/line3.yaml"), (change.Before!.Location, change.After!.Location));
        Assert.Equal(change.Before.Revision, change.After.Revision);
    }

    [Fact]
    public async Task A_broken_file_is_a_problem_with_its_place_until_it_is_fixed()
    {
        var file = folder.Write(Line3, Sample.Text("line3"));
        await using var portal = await StartAsync();
        const string broken = "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowEndpoint\nmetadata:\n  name: line3\nspec: {}\nmore: [}\n";
        await NextAsync("a broken file", () => folder.Write(Line3, broken));

        var problem = Assert.Single((await portal.Resources.ListAsync()).Problems);
        Assert.Equal(("dataflowendpoints/line3.yaml", "line3", 6), (problem.Location, problem.Name, problem.Finding.Line));
        Assert.NotNull(problem.Finding.Column);
        Assert.Null(await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"));
        var denied = Assert.IsType<StoreResult.Denied>(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.None));
        Assert.Contains("dataflowendpoints/line3.yaml", denied.Message);
        Assert.Contains("line 6", denied.Message);
        Assert.IsType<StoreResult.Denied>(await portal.Resources.DeleteAsync(ResourceKind.DataflowEndpoint, "line3", Precondition.None));
        Assert.Equal(broken, File.ReadAllText(file));

        await NextAsync("the repair", () => folder.Write(Line3, Sample.Text("line3")));
        Assert.Empty((await portal.Resources.ListAsync()).Problems);
        Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.None));
    }

    [Fact]
    public async Task A_file_that_somebody_is_writing_is_not_called_broken_or_gone()
    {
        folder.Write(Line3, Sample.Text("line3"));
        await using var portal = TestPortal.Open(folder.Path);
        var stored = (await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"))!;
        portal.Resources.Changed += changes.Enqueue;
        var manifests = portal.Get<ManifestFolder>();

        folder.Write(Line3, "");
        Assert.False(await manifests.RefreshAsync(settled: false, TestContext.Current.CancellationToken));
        File.Delete(folder.Combine(Line3));
        Assert.False(await manifests.RefreshAsync(settled: false, TestContext.Current.CancellationToken));
        Assert.Equal(stored, await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"));
        Assert.Empty(changes);

        folder.Write(Line3, Sample.Text("line3", "new.example:1"));
        Assert.True(await manifests.RefreshAsync(settled: false, TestContext.Current.CancellationToken));
        Assert.Equal("new.example:1", Sample.HostOf(Assert.Single(changes).After));
    }

    [Fact]
    public async Task Two_writes_within_the_grain_of_the_clock_are_both_seen()
    {
        var file = folder.Write(Line3, Sample.Text("line3", "one.example:1"));
        var moment = DateTime.UtcNow;
        File.SetLastWriteTimeUtc(file, moment);
        await using var portal = TestPortal.Open(folder.Path);
        Assert.Equal("one.example:1", Sample.HostOf(await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3")));
        folder.Write(Line3, Sample.Text("line3", "two.example:1"));
        File.SetLastWriteTimeUtc(file, moment);

        Assert.True(await portal.Get<ManifestFolder>().RefreshAsync(settled: false, TestContext.Current.CancellationToken));
        Assert.Equal("two.example:1", Sample.HostOf(await portal.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3")));
    }

    [Fact]
    public async Task A_folder_that_vanishes_is_explained_and_what_was_read_stays()
    {
        folder.Write(Line3, Sample.Text("line3"));
        await using var portal = await StartAsync();
        await NextAsync("the folder is gone", () => Directory.Move(folder.Combine("manifests"), folder.Combine("gone")));
        var listing = await portal.Resources.ListAsync();
        Assert.Equal(folder.Combine("manifests"), Assert.Single(listing.Problems).Location);
        Assert.Single(listing.Of(ResourceKind.DataflowEndpoint));
        var unavailable = Assert.IsType<StoreResult.Unavailable>(await portal.Resources.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.None));
        Assert.Contains("is not there", unavailable.Message);

        await NextAsync("the folder is back", () => Directory.Move(folder.Combine("gone"), folder.Combine("manifests")));
        Assert.Empty((await portal.Resources.ListAsync()).Problems);
        await NextAsync("it is watched again", () => folder.Write(Line3, Sample.Text("line3", "new.example:1")));
    }

    /// <summary>The look that meets it half-way blames neither a folder below nor a file.</summary>
    [Fact]
    public async Task A_folder_that_goes_while_it_is_read_is_gone_as_a_whole()
    {
        var manifests = folder.Combine("manifests");
        for (var i = 0; i < 50; i++)
            Directory.CreateDirectory(Path.Combine(manifests, $"below{i}"));
        using var stop = new CancellationTokenSource();
        var moving = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Directory.Move(manifests, folder.Combine("gone"));
                Directory.Move(folder.Combine("gone"), manifests);
            }
        });
        var problems = new HashSet<string>();
        for (var i = 0; i < 2000; i++)
            problems.UnionWith(ManifestScan.Take(manifests, new ManifestIndex(), DateTimeOffset.UtcNow).Problems.Select(problem => problem.Location));
        await stop.CancelAsync();
        await moving;
        Assert.Equal([manifests], problems);
    }

    [Fact]
    public async Task Outside_changes_stand_in_the_activity_log_with_before_and_after()
    {
        folder.Write(Line3, Sample.Text("line3"));
        await using (var portal = await StartAsync())
        {
            await NextAsync("a comment", () => File.AppendAllText(folder.Combine(Line3), "# seen by Ada\n"));
            await NextAsync("a change", () => folder.Write(Line3, Sample.Text("line3", "new.example:1")));
            await NextAsync("a broken file", () => folder.Write(Line3, "kind: ["));
            await Wait.UntilAsync(async () => (await portal.Activity.ReadAsync(new ActivityQuery())).Count >= 2, "the changes are written down");
        }

        await using var again = TestPortal.Open(folder.Path);
        var entries = await again.Activity.ReadAsync(new ActivityQuery("line3", "DataflowEndpoint"));
        Assert.All(entries, entry => Assert.Equal(("outside the portal", ActivityAction.ChangedOutside), (entry.Who, entry.Action)));
        Assert.Contains("can no longer be used", entries[0].Summary);
        Assert.Null(entries[0].After);
        Assert.Contains("new.example:1", entries[0].Before);
        Assert.Equal("Changed in dataflowendpoints/line3.yaml", entries[1].Summary);
        Assert.Contains("broker.example:8883", entries[1].Before);
        Assert.Contains("new.example:1", entries[1].After);
        Assert.Equal(2, entries.Count);
        Assert.Equal(2, (await again.Activity.ReadAsync(new ActivityQuery())).Count);
    }

    private async Task<TestPortal> StartAsync()
    {
        var portal = await TestPortal.StartAsync(folder.Path);
        portal.Resources.Changed += changes.Enqueue;
        return portal;
    }

    private async Task NextAsync(string what, Action act)
    {
        var before = changes.Count;
        var clock = Stopwatch.StartNew();
        act();
        await Wait.UntilAsync(() => changes.Count > before, $"{what} is told");
        TestContext.Current.TestOutputHelper?.WriteLine($"{what}: told after {clock.ElapsedMilliseconds} ms");
    }
}
