using System.Globalization;
using Portal.Model.Endpoints;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

/// <summary>What this program does when a test starts it as another process on the same data folder.</summary>
internal static class SecondPortal
{
    /// <summary>Fills the file well beyond one block of a disk, so that half of it would show.</summary>
    private static readonly string Padding = new('x', 100_000);

    public static RunningProcess Start(params string[] arguments)
        => RunningProcess.Start(Path.Combine(AppContext.BaseDirectory, "Portal.Stores.Tests"), ["second-portal", .. arguments]);

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var portal = TestPortal.Open(arguments[1]);
        switch (arguments)
        {
            case ["save-forever", _, var name]:
                await SaveForeverAsync(portal, name);
                return 0;
            case ["save-once", _, var name, var prefix]:
                await SaveOnceAsync(portal, name, prefix);
                return 0;
            case ["count", _, var name, var times]:
                await CountAsync(portal, name, int.Parse(times, CultureInfo.InvariantCulture));
                return 0;
            default:
                throw new ArgumentException($"Nothing to do for '{string.Join(' ', arguments)}'.");
        }
    }

    /// <summary>A client id prefix that starts and ends with the same number.</summary>
    public static string Prefix(int number) => string.Create(CultureInfo.InvariantCulture, $"{number}-{Padding}-{number}");

    private static async Task SaveForeverAsync(TestPortal portal, string name)
    {
        for (var number = 0; ; number++)
        {
            Assert.IsType<StoreResult.Saved>(await portal.Resources.SaveAsync(Sample.Endpoint(name, Prefix(number)), Precondition.None));
            if (number == 0)
                Console.WriteLine("saving");
        }
    }

    private static async Task SaveOnceAsync(TestPortal portal, string name, string prefix)
    {
        var stored = await portal.Resources.FindAsync(Model.ResourceKind.DataflowEndpoint, name);
        Console.WriteLine("loaded");
        Console.ReadLine();
        var result = await portal.Resources.SaveAsync(Sample.Endpoint(name, prefix), Precondition.At(stored!.Revision));
        Console.WriteLine($"result {result.GetType().Name} {((result as StoreResult.Conflict)?.Current?.Value as DataflowEndpoint)?.Mqtt?.ClientIdPrefix}");
    }

    // Reads a number and writes the next one, as often as it takes: an update that is lost shows in the sum.
    private static async Task CountAsync(TestPortal portal, string name, int times)
    {
        var stored = await portal.Resources.FindAsync(Model.ResourceKind.DataflowEndpoint, name);
        var conflicts = 0;
        for (var done = 0; done < times;)
        {
            var number = int.Parse(((DataflowEndpoint)stored!.Value).Mqtt!.ClientIdPrefix!, CultureInfo.InvariantCulture) + 1;
            var result = await portal.Resources.SaveAsync(Sample.Endpoint(name, number.ToString(CultureInfo.InvariantCulture)), Precondition.At(stored.Revision));
            stored = result is StoreResult.Conflict conflict ? conflict.Current : Assert.IsType<StoreResult.Saved>(result).Stored;
            done += result is StoreResult.Saved ? 1 : 0;
            conflicts += result is StoreResult.Conflict ? 1 : 0;
        }
        Console.WriteLine($"counted with {conflicts} conflicts");
    }
}
