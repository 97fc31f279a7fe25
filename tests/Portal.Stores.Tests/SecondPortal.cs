namespace Portal.Stores.Tests;

/// <summary>What this program does when a test starts it as another process on the same data folder.</summary>
internal static class SecondPortal
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        await Task.CompletedTask;
        throw new ArgumentException($"Nothing to do for '{string.Join(' ', arguments)}'.");
    }
}
