using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;

namespace Portal.Sandbox.Kafka;

/// <summary>
/// A Kafka cluster inside this process, on loopback: librdkafka's mock cluster, which speaks the real wire protocol, so
/// that other processes reach it too. Consumer groups with committed offsets, headers, timestamps, all compressions and
/// idempotent producers work; SASL, TLS, ACLs, creating topics over the wire and keeping anything over a restart do not.
/// </summary>
/// <remarks>
/// <b>It keeps 5 MiB a partition and drops the oldest records silently.</b> Size topics at two to three times the bytes
/// that a test writes, or assert that the low watermark is 0 before a record is called lost.
/// A topic that a client merely names is created with 4 partitions.
/// Whoever joins a group that others joined or left before waits for the group's session timeout less one second (44 s
/// by default): give consumers a short one, for example <c>session.timeout.ms</c> 1200 and <c>heartbeat.interval.ms</c> 300.
/// </remarks>
public sealed class MockKafkaCluster : IDisposable
{
    private const int AllBrokers = -1;
    private readonly Lock _gate = new();
    private nint _client;
    private nint _cluster;

    private MockKafkaCluster(nint client, nint cluster)
    {
        _client = client;
        _cluster = cluster;
        BootstrapServers = Marshal.PtrToStringUTF8(MockKafkaImports.Bootstraps(cluster))!;
        Ports = [.. BootstrapServers.Split(',').Select(address => int.Parse(address[(address.LastIndexOf(':') + 1)..]))];
    }

    /// <summary>Every broker as <c>127.0.0.1:port</c>, separated by commas.</summary>
    public string BootstrapServers { get; }

    /// <summary>The port of each broker; the first belongs to broker 1.</summary>
    public IReadOnlyList<int> Ports { get; }

    /// <summary>Starts a cluster whose brokers have the ids 1 to <paramref name="brokers"/>; free ports are taken.</summary>
    /// <exception cref="InvalidOperationException">The native library is missing or the cluster could not start.</exception>
    public static MockKafkaCluster Start(int brokers = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(brokers, 1);
        MockKafkaImports.EnsureResolved();
        var client = NewClient();
        var cluster = MockKafkaImports.NewCluster(client, brokers);
        if (cluster == nint.Zero)
        {
            MockKafkaImports.DestroyClient(client);
            throw new InvalidOperationException(
                $"The demo Kafka with {brokers} broker(s) could not listen on 127.0.0.1. Check that the system has free ports and file handles.");
        }

        MockKafkaImports.SetInitialRebalanceDelay(cluster, 0);
        return new MockKafkaCluster(client, cluster);
    }

    /// <summary>Creates a topic with a fixed number of partitions, led by the brokers in turn.</summary>
    /// <exception cref="KafkaException">The topic exists already, or a number is out of range.</exception>
    public void CreateTopic(string topic, int partitions = 1, int replicationFactor = 1) =>
        Check(cluster => MockKafkaImports.CreateTopic(cluster, topic, partitions, replicationFactor));

    /// <summary>Answers questions for a topic's metadata with an error; <see cref="ErrorCode.NoError"/> ends it.</summary>
    public void SetTopicError(string topic, ErrorCode error) =>
        Do(cluster => MockKafkaImports.SetTopicError(cluster, topic, (int)error));

    /// <summary>Cuts all connections of a broker (of every broker when none is named) and refuses new ones.</summary>
    public void TakeDown(int? broker = null) =>
        Check(cluster => MockKafkaImports.SetDown(cluster, broker ?? AllBrokers));

    /// <summary>Lets a broker (every broker when none is named) accept connections again, with all its records.</summary>
    public void BringUp(int? broker = null) =>
        Check(cluster => MockKafkaImports.SetUp(cluster, broker ?? AllBrokers));

    /// <summary>Delays every answer of a broker (of every broker when none is named).</summary>
    public void SetRoundTripTime(TimeSpan delay, int? broker = null) =>
        Check(cluster => MockKafkaImports.SetRoundTripTime(cluster, broker ?? AllBrokers, (int)delay.TotalMilliseconds));

    /// <summary>Lets the next requests of a kind (the protocol's API key: Produce is 0, Fetch 1, Metadata 3) fail in this order.</summary>
    public void FailNext(short apiKey, params ErrorCode[] errors) =>
        Do(cluster => MockKafkaImports.PushRequestErrors(
            cluster, apiKey, (nuint)errors.Length, [.. errors.Select(error => (int)error)]));

    /// <summary>Closes the ports and frees everything; records are gone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_cluster == nint.Zero)
                return;
            MockKafkaImports.DestroyCluster(_cluster);
            MockKafkaImports.DestroyClient(_client);
            _cluster = _client = nint.Zero;
        }
    }

    // The mock cluster hangs on a client of the library, which itself connects to nothing.
    private static nint NewClient()
    {
        var configuration = MockKafkaImports.NewConfiguration();
        MockKafkaImports.SetLogCallback(configuration, nint.Zero);
        var error = new byte[512];
        var client = MockKafkaImports.NewClient(MockKafkaImports.Producer, configuration, error, (nuint)error.Length);
        if (client != nint.Zero)
            return client;
        MockKafkaImports.DestroyConfiguration(configuration);
        var reason = Encoding.UTF8.GetString(error).TrimEnd('\0');
        throw new InvalidOperationException($"The demo Kafka could not start: {reason}. Check the limits on threads and memory of this process.");
    }

    private void Check(Func<nint, int> call)
    {
        var error = ErrorCode.NoError;
        Do(cluster => error = (ErrorCode)call(cluster));
        if (error != ErrorCode.NoError)
            throw new KafkaException(error);
    }

    private void Do(Action<nint> call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_cluster == nint.Zero, this);
            call(_cluster);
        }
    }
}
