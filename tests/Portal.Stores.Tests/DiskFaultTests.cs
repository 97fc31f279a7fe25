using Portal.Model;
using Portal.Model.Ports;
using Portal.Stores.Files;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

public sealed class DiskFaultTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_full_disk_leaves_everything_as_it_was_and_says_so()
    {
        await using var disk = await SmallDisk.CreateAsync();
        await using var portal = await TestPortal.StartAsync(disk.Path, disk.Use);
        var stored = Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        Assert.IsType<StoreResult.Saved>(await portal.Secrets.SetVaultAsync("password", new SecretValue("old"), null, null));
        var text = File.ReadAllText(Path.Combine(disk.Path, "manifests/dataflowendpoints/line3.yaml"));

        disk.Fill();
        var results = new[]
        {
            await portal.Resources.SaveAsync(Sample.Endpoint("line3", new string('x', 20_000)), Precondition.At(stored.Revision)),
            await portal.Secrets.SetVaultAsync("password", new SecretValue(new string('x', 20_000)), null, null),
        };
        foreach (var result in results)
        {
            var unavailable = Assert.IsType<StoreResult.Unavailable>(result);
            Assert.Contains("no room left", unavailable.Message);
            Assert.Contains("Free some space", unavailable.Fix);
        }
        Assert.Equal(text, File.ReadAllText(Path.Combine(disk.Path, "manifests/dataflowendpoints/line3.yaml")));
        Assert.Empty(Directory.GetFiles(disk.Path, "*.portal-tmp", SearchOption.AllDirectories));
        await portal.Activity.AppendAsync(new ActivityEntry(DateTimeOffset.UnixEpoch, "operator", ActivityAction.Changed, "DataflowEndpoint", "line3", new string('x', 20_000)));

        disk.Free();
        Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.At(stored.Revision)));
    }

    [Fact]
    public async Task A_portal_on_a_read_only_disk_starts_reads_and_says_why_it_does_not_write()
    {
        await using var disk = await SmallDisk.CreateAsync();
        await using (var before = await TestPortal.StartAsync(disk.Path, disk.Use))
        {
            Sample.Saved(await before.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
            Assert.IsType<StoreResult.Saved>(await before.Secrets.SetVaultAsync("password", new SecretValue("old"), null, null));
            Assert.IsType<StoreResult.Saved>(await before.Secrets.SaveSyncedAsync(new SyncedSecret("line3", new Dictionary<string, string> { ["password"] = "password" })));
        }

        await disk.MakeReadOnlyAsync();
        await using var portal = await TestPortal.StartAsync(disk.Path, disk.Use);
        Assert.Single((await portal.Resources.ListAsync()).Of(ResourceKind.DataflowEndpoint));
        Assert.Equal("old", Assert.Single((await portal.SecretReader.ResolveAsync("line3"))!).Value!.Reveal());
        foreach (var result in new[]
        {
            await portal.Resources.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.None),
            await portal.Secrets.SetVaultAsync("password", new SecretValue("new"), null, null),
        })
        {
            var denied = Assert.IsType<StoreResult.Denied>(result);
            Assert.Contains("read-only", denied.Message);
            Assert.Contains("Portal:DataDirectory", denied.Fix);
        }

        await disk.MakeReadOnlyAsync(false);
        Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3", "b"), Precondition.None));
    }

    [Fact]
    public async Task A_portal_on_a_disk_that_was_read_only_from_the_first_day_starts_empty()
    {
        await using var disk = await SmallDisk.CreateAsync();
        await disk.MakeReadOnlyAsync();
        await using var portal = await TestPortal.StartAsync(disk.Path, disk.Use);
        Assert.Empty((await portal.Resources.ListAsync()).Resources);
        Assert.Contains("read-only", portal.Log.Text);
        Assert.Contains("The dataflow profile 'default' cannot be created", portal.Log.Text);
        Assert.IsType<StoreResult.Denied>(await portal.Secrets.SetVaultAsync("password", new SecretValue("new"), null, null), exactMatch: true);
    }

    [Fact]
    public async Task A_file_in_the_way_of_a_folder_is_explained()
    {
        folder.Write("manifests", "a file");
        await using var portal = await TestPortal.StartAsync(folder.Path);
        var problem = Assert.Single((await portal.Resources.ListAsync()).Problems);
        Assert.Equal(folder.Combine("manifests"), problem.Location);
        Assert.Contains("not a folder", problem.Finding.Message);
        Assert.IsType<StoreResult.Unavailable>(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.None));
        Assert.Equal("a file", File.ReadAllText(folder.Combine("manifests")));
    }

    public static TheoryData<string, bool, string> Faults => new()
    {
        { "space", false, "no room left" },
        { "quota", false, "quota" },
        { "read-only", true, "read-only" },
        { "rights", true, "may not write" },
        { "folder", false, "is not there" },
        { "files", false, "files and connections" },
        { "disk", false, "reports an error" },
        { "busy", false, "Another portal" },
        { "other", false, "cannot be used" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Every_fault_has_a_cause_and_a_fix(string fault, bool isDenied, string says)
    {
        Exception exception = fault switch
        {
            "space" => FailingDisk.Error(28),
            "quota" => FailingDisk.Error(122),
            "read-only" => FailingDisk.Error(30),
            "rights" => new UnauthorizedAccessException("Access to the path is denied.", FailingDisk.Error(13)),
            "folder" => new DirectoryNotFoundException(),
            "files" => FailingDisk.Error(24),
            "disk" => FailingDisk.Error(5),
            "busy" => new FolderBusyException(),
            _ => FailingDisk.Error(999),
        };
        Assert.True(FileFaults.IsFault(exception));
        var (message, fix) = FileFaults.ToResult(exception, "/srv/portal") switch
        {
            StoreResult.Denied denied when isDenied => (denied.Message, denied.Fix),
            StoreResult.Unavailable unavailable when !isDenied => (unavailable.Message, unavailable.Fix),
            var other => throw new InvalidOperationException($"{other} was not expected."),
        };
        Assert.Contains(says, message);
        Assert.False(string.IsNullOrWhiteSpace(fix));
    }

    [Fact]
    public async Task A_lock_that_another_process_keeps_is_waited_for_and_then_explained()
    {
        await using var portal = TestPortal.Open(folder.Path);
        await portal.Resources.ListAsync();
        await using (new FileStream(folder.Combine(".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New, limit.Token));
            var unavailable = Assert.IsType<StoreResult.Unavailable>(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
            Assert.Contains("Another portal", unavailable.Message);
        }
    }
}
