using System.Globalization;
using Portal.Messaging.Tests.Support;
using Portal.Model.Dataflows;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>What this program does when a test starts it as another process: it runs the dataflow from MQTT to Kafka until it is ended.</summary>
internal static class FlowProcess
{
    public const string Running = "the flow runs";

    public static RunningProcess Start(string data, int mqttPort, int kafkaPort) => RunningProcess.Start(
        Path.Combine(AppContext.BaseDirectory, "Portal.Messaging.Tests"), ["flow", data, Endpoints.Text(mqttPort), Endpoints.Text(kafkaPort)]);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var ports = arguments[1..].Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToList();
        await using var host = await FlowHost.StartInAsync(arguments[0]);
        host.Store
            .Set(Endpoints.Mqtt(ports[0]) with { Name = "from-here" })
            .Set(ProbeFixture.Kafka($"127.0.0.1:{ports[1]}") with { Name = "to-there" })
            .Set(new DataflowProfile { Name = "default" })
            .Set(FlowHost.Flow("line3/#", "plant"));
        Console.WriteLine(Running);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}
