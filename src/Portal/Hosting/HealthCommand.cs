namespace Portal.Hosting;

/// <summary><c>--health-check</c>: asks the portal on this machine whether it lives, for the image's health check.</summary>
internal static class HealthCommand
{
    public const string Argument = "--health-check";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>0 when <c>/healthz/live</c> answers 200, else 1 with the reason on standard error.</summary>
    public static async Task<int> RunAsync(IConfiguration configuration)
    {
        var url = (configuration["urls"] ?? Security.ListenGuard.DefaultUrl).Split(';')[0].TrimEnd('/');
        var target = url.Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://*", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://+", "://127.0.0.1", StringComparison.Ordinal).Replace("://[::]", "://[::1]", StringComparison.Ordinal);
        using var client = new HttpClient { Timeout = Limit };
        try
        {
            using var answer = await client.GetAsync(new Uri(target + "/healthz/live"));
            if (answer.IsSuccessStatusCode)
                return 0;
            await Console.Error.WriteLineAsync($"{target}/healthz/live answers {(int)answer.StatusCode}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or UriFormatException)
        {
            await Console.Error.WriteLineAsync($"{target}/healthz/live does not answer: {failure.Message}");
        }
        return 1;
    }
}
