using Portal.Tests.Shared;

namespace Portal.Sandbox.Tests.Shared;

public sealed class HelperTests
{
    [Fact]
    public async Task A_wait_ends_when_the_condition_holds()
    {
        var asked = 0;

        await Wait.UntilAsync(() => ++asked == 3, "asked three times");

        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_wait_in_vain_says_for_what_and_what_was_there_instead()
    {
        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => Wait.UntilAsync(() => false, "the cow flies", TimeSpan.FromMilliseconds(50), () => "a cow on the grass"));

        Assert.Contains("the cow flies", failure.Message, StringComparison.Ordinal);
        Assert.Contains("a cow on the grass", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_without_end_fails_at_the_limit_and_a_time_out_of_its_own_passes_through()
    {
        var never = new TaskCompletionSource();

        var failure = await Assert.ThrowsAnyAsync<Exception>(
            () => Wait.ForAsync(never.Task, "it ends", TimeSpan.FromMilliseconds(50)));
        await Assert.ThrowsAsync<TimeoutException>(() => Wait.ForAsync(Task.FromException(new TimeoutException()), "it ends"));

        Assert.Contains("it ends", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_golden_file_that_differs_shows_the_first_lines_that_differ()
    {
        using var folder = new TemporaryFolder();
        folder.Write("sub/a.txt", "one\ntwo\nthree\n");

        GoldenFile.Compare("sub/a.txt", "one\ntwo\nthree\n", folder.Path);
        var failure = Assert.ThrowsAny<Exception>(() => GoldenFile.Compare("sub/a.txt", "one\ntwo \nthree\n", folder.Path));

        Assert.Contains("line 2", failure.Message, StringComparison.Ordinal);
        Assert.Contains("- two\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("+ two·\n", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_golden_file_that_is_missing_fails()
    {
        using var folder = new TemporaryFolder();

        Assert.ThrowsAny<Exception>(() => GoldenFile.Compare("a.txt", "one\n", folder.Path));

        Assert.False(File.Exists(folder.Combine("a.txt")));
    }

    [Fact]
    public void Free_ports_do_not_repeat_and_a_taken_one_is_seen()
    {
        var ports = Enumerable.Range(0, 50).Select(_ => FreePort.Next()).ToList();
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, ports[0]);
        listener.Start();

        Assert.Equal(50, ports.Distinct().Count());
        Assert.False(FreePort.IsFree(ports[0]));
    }

    [Fact]
    public async Task A_program_gets_its_input_and_its_failure_is_told()
    {
        (await ProcessRunner.RunAsync("cat", [], input: "grüße\n")).MustSucceed();
        var result = await ProcessRunner.RunAsync("sh", "-c", "echo out; echo wrong >&2; exit 3");

        Assert.Equal(3, result.ExitCode);
        Assert.Contains("wrong", Assert.ThrowsAny<Exception>(result.MustSucceed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_ended_at_the_limit()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("id");

        await Assert.ThrowsAnyAsync<Exception>(
            () => ProcessRunner.RunAsync("sh", ["-c", $"echo $$ > {file}; exec sleep 600"], limit: TimeSpan.FromSeconds(2)));

        Assert.False(Directory.Exists($"/proc/{File.ReadAllText(file).Trim()}"));
    }

    [Fact]
    public void A_temporary_folder_goes_even_when_it_was_made_read_only()
    {
        var folder = new TemporaryFolder();
        folder.Write("locked/file", "text");
        File.SetUnixFileMode(folder.Combine("locked"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        folder.Dispose();

        Assert.False(Directory.Exists(folder.Path));
    }
}
