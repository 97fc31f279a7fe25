using System.Diagnostics;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>The portal published for release, run as a process of its own.</summary>
internal static class PublishedPortal
{
    private static readonly TimeSpan PublishLimit = TimeSpan.FromMinutes(10);

    public static async Task PublishAsync(string folder)
    {
        var result = await ProcessRunner.RunAsync(
            "dotnet", ["publish", RepositoryRoot.Combine("src", "Portal"), "-c", "Release", "--nologo", "-v", "q", "-o", folder, "-r", "linux-x64", "--self-contained", "false", "-p:UseAppHost=false"], limit: PublishLimit);
        result.MustSucceed();
    }

    /// <summary>Starts the portal and gives the time until a path answered 200 with its whole body.</summary>
    public static async Task<(RunningProcess Process, Uri Address, TimeSpan Elapsed)> StartAsync(string folder, string data, string path, params string[] more)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var clock = Stopwatch.StartNew();
        var process = RunningProcess.Start(
            "dotnet", [Path.Combine(folder, "Portal.dll"), "--urls", address.ToString(), "--Portal:DataDirectory", data, "--Portal:Sandbox:TlsPort", "0", "--Portal:Sandbox:PlainPort", "0", .. more], folder);
        using var client = new HttpClient { BaseAddress = address };
        while (!await AnswersAsync(client, path))
        {
            if (process.HasExited)
                throw new InvalidOperationException("The portal ended: " + process.Error);
            await Task.Delay(5);
        }
        return (process, address, clock.Elapsed);
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(path);
            return answer.IsSuccessStatusCode && (await answer.Content.ReadAsByteArrayAsync()).Length > 0;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
