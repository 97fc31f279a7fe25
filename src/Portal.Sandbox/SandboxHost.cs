using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Portal.Sandbox.Devices;
using Portal.Sandbox.Kafka;
using Portal.Sandbox.Mqtt;

namespace Portal.Sandbox;

/// <summary>
/// Runs the sandbox: the MQTT broker, the demo Kafka, the tokens and the simulated devices. When its start returns,
/// everything may be dialled.
/// </summary>
public sealed class SandboxHost(IOptions<SandboxOptions> options, SandboxState state, TimeProvider time, ILogger<SandboxHost> logger)
    : IHostedService, IAsyncDisposable
{
    private const int DemoPartitions = 2;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SandboxFolder _folder = new();
    private SandboxBroker? _broker;
    private MockKafkaCluster? _kafka;
    private Task _running = Task.CompletedTask;
    private bool _disposed;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var wanted = options.Value;
        var kafkaStarts = Task.Run(StartKafka, CancellationToken.None);
        string? kafkaNotice;
        try
        {
            _folder.Open(wanted, time);
            _broker = await SandboxBroker.StartAsync(
                wanted.TlsPort, wanted.PlainPort, _folder.Authority, _folder.Tokens, time, logger, cancellationToken);
        }
        finally
        {
            (_kafka, kafkaNotice) = await kafkaStarts;
        }

        var snapshot = Describe(wanted, _broker, kafkaNotice);
        state.Publish(snapshot);
        _running = RunAsync(_broker, _kafka);
        foreach (var notice in snapshot.Notices)
            Log.Notice(logger, notice);
        Log.Started(logger, snapshot.TlsPort, snapshot.PlainPort, _kafka?.BootstrapServers ?? "no port");
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_disposed)
            return;
        state.Publish(SandboxState.Snapshot.Stopped);
        await _stopping.CancelAsync();
        await _running;
        if (_broker is not null)
            await _broker.DisposeAsync();
        _broker = null;
        _kafka?.Dispose();
        _folder.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None);
        _disposed = true;
        _stopping.Dispose();
    }

    private (MockKafkaCluster? Cluster, string? Notice) StartKafka()
    {
        MockKafkaCluster? cluster = null;
        try
        {
            cluster = MockKafkaCluster.Start();
            cluster.CreateTopic(SandboxState.DemoTopic, DemoPartitions);
            return (cluster, null);
        }
        catch (Exception e) when (e is InvalidOperationException or DllNotFoundException or EntryPointNotFoundException or KafkaException)
        {
            cluster?.Dispose();
            Log.KafkaFailed(logger, e);
            return (null, $"The demo Kafka is off, everything else works. {e.Message}");
        }
    }

    private SandboxState.Snapshot Describe(SandboxOptions wanted, SandboxBroker broker, string? kafkaNotice)
    {
        var tlsTaken = wanted.TlsPort != 0 && broker.TlsPort != wanted.TlsPort;
        var plainTaken = wanted.PlainPort != 0 && broker.PlainPort != wanted.PlainPort;
        string?[] notices =
        [
            tlsTaken ? TakenNotice("MQTT broker with TLS", wanted.TlsPort, broker.TlsPort, nameof(wanted.TlsPort)) : null,
            plainTaken ? TakenNotice("plain MQTT broker", wanted.PlainPort, broker.PlainPort, nameof(wanted.PlainPort)) : null,
            kafkaNotice,
            _folder.Notice,
        ];
        return new SandboxState.Snapshot
        {
            IsRunning = true,
            TlsPort = broker.TlsPort,
            PlainPort = broker.PlainPort,
            TlsPortTaken = tlsTaken,
            PlainPortTaken = plainTaken,
            KafkaPort = _kafka?.Ports[0],
            CaPem = _folder.Authority.CertificatePem,
            Tokens = _folder.Tokens,
            Notices = [.. notices.OfType<string>()],
        };
    }

    private static string TakenNotice(string what, int wanted, int got, string key) =>
        $"Port {wanted} is taken by another program, so the sandbox's {what} listens on 127.0.0.1:{got}. "
        + $"End that program, or choose a port of your own, for example Portal:Sandbox:{key}={wanted + 10}.";

    private Task RunAsync(SandboxBroker broker, MockKafkaCluster? kafka) => Task.WhenAll(
        GuardAsync(stop => _folder.Tokens.RunAsync(logger, stop)),
        GuardAsync(stop => DeviceSimulator.PublishToMqttAsync(broker, time, stop)),
        kafka is null
            ? Task.CompletedTask
            : GuardAsync(stop => DeviceSimulator.ProduceToKafkaAsync(kafka.BootstrapServers, time, logger, stop)));

    // A simulated device that fails must not take the portal down, but must not fall silent unnoticed either.
    private async Task GuardAsync(Func<CancellationToken, Task> run)
    {
        var stop = _stopping.Token;
        try
        {
            await Task.Run(() => run(stop), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Log.BackgroundFailed(logger, e);
        }
    }
}
