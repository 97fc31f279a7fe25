using System.Globalization;
using System.Net;
using System.Text;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Benchmarks;

/// <summary>A Kafka cluster in a process of its own, so that its CPU time is nobody else's.</summary>
internal sealed class FlowCluster(RunningProcess process, int port, int commands) : IAsyncDisposable
{
    private const string Ready = "kafka port ";
    private const int MostLines = 50_000;

    public int Port => port;

    public static async Task<FlowCluster> StartAsync(int partitions)
    {
        var commands = FreePort.Next();
        var process = RunningProcess.Start("dotnet", [typeof(FlowCluster).Assembly.Location, "kafka", Text(partitions), Text(commands)]);
        while (!process.Output.Contains(Ready, StringComparison.Ordinal) || !process.Output.EndsWith('\n'))
        {
            if (process.HasExited)
                throw new InvalidOperationException("The cluster ended: " + process.Error);
            await Task.Delay(20);
        }

        return new FlowCluster(process, int.Parse(process.Output.Split(Ready)[1], CultureInfo.InvariantCulture), commands);
    }

    /// <summary>What the process of the cluster does.</summary>
    /// <param name="port">Takes commands: down, up, delay, slow, late, fast.</param>
    public static async Task ServeAsync(int partitions, int port)
    {
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic(BenchmarkFlow.From, partitions);
        cluster.CreateTopic(BenchmarkFlow.To, partitions);
        Console.WriteLine(Ready + cluster.Ports[0].ToString(CultureInfo.InvariantCulture));
        using var commands = new HttpListener();
        commands.Prefixes.Add($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");
        commands.Start();
        while (true)
        {
            var command = await commands.GetContextAsync();
            Do(cluster, command.Request.Url!.AbsolutePath.Trim('/'));
            command.Response.Close();
        }
    }

    /// <summary>Tells the cluster what to do.</summary>
    public async Task TellAsync(string command)
    {
        using var client = new HttpClient();
        (await client.GetAsync(new Uri($"http://127.0.0.1:{Text(commands)}/{command}"))).EnsureSuccessStatusCode();
    }

    /// <summary>Writes the numbers of a fault into the topic that a flow reads.</summary>
    public async Task FillAsync() => (await ProcessRunner.RunAsync(
        "kcat", ["-P", "-b", $"127.0.0.1:{Text(port)}", "-t", BenchmarkFlow.From], Lines(0, FaultCase.Messages, FaultCase.Bytes), TimeSpan.FromMinutes(2))).MustSucceed();

    /// <summary>What is in the topic that a flow writes.</summary>
    public async Task<IEnumerable<string>> ArrivedAsync() => (await ProcessRunner.RunAsync(
        "kcat", ["-C", "-b", $"127.0.0.1:{Text(port)}", "-t", BenchmarkFlow.To, "-e", "-q", "-o", "beginning"], limit: TimeSpan.FromMinutes(2))).Lines;

    private static void Do(MockKafkaCluster cluster, string command)
    {
        switch (command)
        {
            case "down":
                cluster.TakeDown();
                break;
            case "up":
                cluster.BringUp();
                break;
            default:
                cluster.SetRoundTripTime(TimeSpan.FromMilliseconds(command switch { "late" => 100, "slow" => 50, "delay" => 5, _ => 0 }));
                break;
        }
    }

    /// <summary>A mosquitto that keeps everything that waits for a session.</summary>
    public static Task<MosquittoBroker> BrokerAsync(bool persistent = false) => MosquittoBroker.StartAsync(new MosquittoOptions
    {
        Persistence = persistent,
        Lines = ["max_queued_messages 0", "max_queued_bytes 0", "max_inflight_messages 0"],
    });

    /// <summary>A broker with the numbers of a fault, all of them on its disk: a kill brings back what is acknowledged after this.</summary>
    public static async Task<MosquittoBroker> FilledBrokerAsync()
    {
        var broker = await BrokerAsync(persistent: true);
        await FillAsync(broker.Port, BenchmarkFlow.Name + "-0", FaultCase.Messages, FaultCase.Bytes);
        await broker.StopAsync();
        await broker.StartAgainAsync();
        return broker;
    }

    /// <summary>Makes a session with a subscription, and fills it with messages.</summary>
    public static async Task FillAsync(int port, string clientId, int count, int bytes)
    {
        (await ProcessRunner.RunAsync(
            "mosquitto_sub", ["-V", "5", "-h", "127.0.0.1", "-p", Text(port), "-i", clientId, "-c", "-q", "1", "-t", "line3/#", "-x", "3600", "-E"])).MustSucceed();
        await PublishAsync(port, count, bytes);
    }

    /// <summary>Publishes numbered messages as fast as mosquitto_pub does.</summary>
    public static async Task PublishAsync(int port, int count, int bytes)
    {
        // mosquitto_pub ends too soon when it has to use a packet identifier twice.
        for (var first = 0; first < count; first += MostLines)
            (await ProcessRunner.RunAsync(
                "mosquitto_pub", ["-V", "5", "-h", "127.0.0.1", "-p", Text(port), "-q", "1", "-t", "line3/press-07/telemetry", "-l"], Lines(first, Math.Min(count, first + MostLines), bytes),
                TimeSpan.FromMinutes(3))).MustSucceed();
    }

    public async ValueTask DisposeAsync() => await process.DisposeAsync();

    private static string Lines(int first, int end, int bytes)
    {
        var lines = new StringBuilder();
        for (var number = first; number < end; number++)
            lines.Append(Text(number).PadLeft(bytes, '.')).Append('\n');
        return lines.ToString();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
