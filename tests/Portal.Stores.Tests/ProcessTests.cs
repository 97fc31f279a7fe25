using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

/// <summary>What other processes do to the folder: they are killed in the middle of a write, or write at the same time.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_kill_in_the_middle_of_many_saves_leaves_the_old_file_or_the_new_one()
    {
        var file = folder.Combine("manifests", "dataflowendpoints", "line3.yaml");
        var leftovers = 0;
        for (var round = 0; round < 8; round++)
        {
            await using (var portal = SecondPortal.Start("save-forever", folder.Path, "line3"))
            {
                await portal.WaitForOutputAsync("saving", TimeSpan.FromSeconds(60));
                var changes = 0;
                var last = File.GetLastWriteTimeUtc(file);
                // Stopped now and then, until it is seen in the middle of a write.
                await Wait.UntilAsync(
                    () =>
                    {
                        portal.Freeze();
                        var now = File.GetLastWriteTimeUtc(file);
                        changes += now != last ? 1 : 0;
                        last = now;
                        var isInTheMiddle = changes > round && Temporary().Length > 0;
                        if (!isInTheMiddle)
                            portal.Thaw();
                        return isInTheMiddle;
                    },
                    "another write is under way", TimeSpan.FromSeconds(60));
                await portal.KillAsync();
            }

            var read = Manifest.Read(await File.ReadAllTextAsync(file));
            Assert.Empty(read.Findings);
            var prefix = read.Endpoint!.Mqtt!.ClientIdPrefix!;
            Assert.Equal(SecondPortal.Prefix(int.Parse(prefix[..prefix.IndexOf('-', StringComparison.Ordinal)])), prefix);
            leftovers += Temporary().Length;

            await using var next = await TestPortal.StartAsync(folder.Path);
            var listing = await next.Resources.ListAsync();
            Assert.Empty(listing.Problems);
            Assert.Single(listing.Of(ResourceKind.DataflowEndpoint));
            Assert.Empty(Temporary());
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{leftovers} of 8 kills left a temporary file");
        Assert.NotEqual(0, leftovers);
    }

    [Fact]
    public async Task Of_two_portals_that_save_one_endpoint_one_gets_a_conflict_with_what_is_stored()
    {
        await using (var portal = TestPortal.Open(folder.Path))
            Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3"), Precondition.New));
        await using var one = SecondPortal.Start("save-once", folder.Path, "line3", "one");
        await using var two = SecondPortal.Start("save-once", folder.Path, "line3", "two");
        await one.WaitForOutputAsync("loaded", TimeSpan.FromSeconds(60));
        await two.WaitForOutputAsync("loaded", TimeSpan.FromSeconds(60));
        await Task.WhenAll(one.WriteInputAsync("\n"), two.WriteInputAsync("\n"));
        await one.WaitForExitAsync(TimeSpan.FromSeconds(60));
        await two.WaitForExitAsync(TimeSpan.FromSeconds(60));

        var results = new[] { one, two }.Select(process => process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]).Order().ToList();
        var (winner, loser) = results[0] == "result Conflict one" ? ("one", "two") : ("two", "one");
        Assert.Equal([$"result Conflict {winner}", "result Saved "], results);
        Assert.NotEqual(winner, loser);
        await using var reader = TestPortal.Open(folder.Path);
        Assert.Equal(winner, ((DataflowEndpoint)(await reader.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"))!.Value).Mqtt!.ClientIdPrefix);
    }

    [Fact]
    public async Task Two_portals_that_count_in_one_file_lose_no_step()
    {
        const int each = 100;
        await using (var portal = TestPortal.Open(folder.Path))
            Sample.Saved(await portal.Resources.SaveAsync(Sample.Endpoint("line3", "0"), Precondition.New));
        await using var one = SecondPortal.Start("count", folder.Path, "line3", $"{each}");
        await using var two = SecondPortal.Start("count", folder.Path, "line3", $"{each}");
        await one.WaitForOutputAsync("counted", TimeSpan.FromSeconds(120));
        await two.WaitForOutputAsync("counted", TimeSpan.FromSeconds(120));

        TestContext.Current.TestOutputHelper?.WriteLine($"{one.Output}{two.Output}");
        await using var reader = TestPortal.Open(folder.Path);
        var stored = (DataflowEndpoint)(await reader.Resources.FindAsync(ResourceKind.DataflowEndpoint, "line3"))!.Value;
        Assert.Equal($"{2 * each}", stored.Mqtt!.ClientIdPrefix);
    }

    private string[] Temporary() => Directory.GetFiles(folder.Path, "*.portal-tmp", SearchOption.AllDirectories);
}
