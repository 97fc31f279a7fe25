using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Portal.Model.Ports;
using Portal.Stores.Activity;
using Portal.Stores.Files;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

public sealed class ActivityLogTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Entries_come_back_newest_first_as_they_went_in()
    {
        var log = Open();
        var told = new List<ActivityEntry>();
        log.Appended += told.Add;
        var first = Entry(1) with { Before = null, After = "kind: DataflowEndpoint\nmetadata:\n  name: \"ä\"\n" };
        var second = Entry(2) with { Action = ActivityAction.ChangedOutside, Before = first.After, After = null };
        await log.AppendAsync(first);
        await log.AppendAsync(second);

        var read = await Open().ReadAsync(new ActivityQuery());
        Assert.Equal([second, first], read.Select(entry => entry with { Id = 0 }));
        Assert.True(read[0].Id > read[1].Id);
        Assert.Equal(read.Reverse(), told);
    }

    [Fact]
    public async Task Pages_follow_one_another_without_gap_or_repetition()
    {
        var log = Open();
        for (var i = 0; i < 95; i++)
            await log.AppendAsync(Entry(i));

        var seen = new List<string>();
        long? before = null;
        while (await log.ReadAsync(new ActivityQuery(Before: before, Most: 10)) is { Count: > 0 } page)
        {
            seen.AddRange(page.Select(entry => entry.Summary));
            before = page[^1].Id;
        }
        Assert.Equal(Enumerable.Range(0, 95).Reverse().Select(i => $"entry {i}"), seen);
    }

    [Fact]
    public async Task Only_what_concerns_a_subject_is_given_when_asked()
    {
        var log = Open();
        await log.AppendAsync(Entry(1) with { Subject = "line3" });
        await log.AppendAsync(Entry(2) with { Subject = "line3", SubjectKind = "Secret" });
        await log.AppendAsync(Entry(3) with { Subject = "line33", Summary = "\"subject\":\"line3\"" });

        Assert.Equal(["entry 2", "entry 1"], (await log.ReadAsync(new ActivityQuery("line3"))).Select(entry => entry.Summary));
        Assert.Equal(["entry 2"], (await log.ReadAsync(new ActivityQuery("line3", "Secret"))).Select(entry => entry.Summary));
        Assert.Empty(await log.ReadAsync(new ActivityQuery("line")));
    }

    [Fact]
    public async Task A_line_that_a_crash_cut_short_spoils_nothing_but_itself()
    {
        var log = Open();
        await log.AppendAsync(Entry(1));
        var file = Assert.Single(Segments());
        await File.AppendAllTextAsync(file, "{\"at\":\"2026-03-01T12:0");

        Assert.Equal(["entry 1"], (await log.ReadAsync(new ActivityQuery())).Select(entry => entry.Summary));
        await log.AppendAsync(Entry(2));
        Assert.Equal(["entry 2", "entry 1"], (await Open().ReadAsync(new ActivityQuery())).Select(entry => entry.Summary));
        Assert.Equal(3, File.ReadAllLines(file).Length);
    }

    [Fact]
    public async Task Files_are_changed_at_a_size_and_the_oldest_go()
    {
        var log = Open(segmentSize: 1000);
        for (var i = 0; i < 200; i++)
            await log.AppendAsync(Entry(i));

        var files = Segments();
        Assert.Equal(16, files.Length);
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 1000));
        var read = await log.ReadAsync(new ActivityQuery(Most: 1000));
        Assert.Equal("entry 199", read[0].Summary);
        Assert.InRange(read.Count, 60, 150);
        Assert.Equal(Enumerable.Range(200 - read.Count, read.Count).Reverse().Select(i => $"entry {i}"), read.Select(entry => entry.Summary));
        Assert.Equal(read.Select(entry => entry.Id).OrderDescending(), read.Select(entry => entry.Id));
    }

    [Fact]
    public async Task Long_entries_and_many_at_once_from_two_portals_all_arrive()
    {
        var logs = new[] { Open(), Open() };
        var large = new string('x', 200_000);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => logs[i % 2].AppendAsync(Entry(i) with { After = i % 10 == 0 ? large : null })));

        var read = await Open().ReadAsync(new ActivityQuery(Most: 1000));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"entry {i}").Order(), read.Select(entry => entry.Summary).Order());
        Assert.Equal(10, read.Count(entry => entry.After == large));
        Assert.Equal(100, read.Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_is_said_and_breaks_nothing()
    {
        folder.Write("history", "a file in the way");
        await using var portal = await TestPortal.StartAsync(folder.Path);
        await portal.Activity.AppendAsync(Entry(1));
        Assert.Empty(await portal.Activity.ReadAsync(new ActivityQuery()));
        Assert.Contains("cannot be recorded", portal.Log.Text);
    }

    private FileActivityLog Open(long segmentSize = 4 * 1024 * 1024)
    {
        var options = Options.Create(new StoreOptions { DataDirectory = folder.Path });
        return new FileActivityLog(new DataFolder(options, TimeProvider.System, NullLogger<DataFolder>.Instance), NullLogger<FileActivityLog>.Instance, segmentSize);
    }

    private string[] Segments() => Directory.GetFiles(folder.Combine("history"), "*.jsonl");

    private static ActivityEntry Entry(int number) => new(Now.AddSeconds(number), "operator", ActivityAction.Changed, "DataflowEndpoint", "line3", $"entry {number}");
}
