using System.Net;
using System.Threading.Channels;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
using Portal.Messaging.Kafka;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;
using Portal.Model.Fields;

namespace Portal.Messaging.Probes;

/// <summary>What the stages of one test hand on to each other. Freed at the end of the test.</summary>
internal sealed class ProbeContext(TestRequest request, TimeSpan limit) : IAsyncDisposable
{
    private const int MostReceived = 200;

    private readonly HashSet<TestStage> _good = [];

    public TestRequest Request => request;

    public DataflowEndpoint Endpoint => request.Endpoint;

    /// <summary>Limit of the whole test.</summary>
    public TimeSpan Limit => limit;

    public ClientRole Role { get; } = ClientRole.Test();

    public bool IsMqtt => Endpoint.Settings?.Wire is Wire.Mqtt;

    /// <summary>Audience that the broker is expected to want in tokens; null when nothing tells.</summary>
    public string? ExpectedAudience => Endpoint.Settings?.Authentication switch
    {
        Authentication.ServiceAccountToken token => token.Audience,
        Authentication.SystemAssignedManagedIdentity or Authentication.UserAssignedManagedIdentity
            when EndpointKind.Of(Endpoint) == EndpointKind.EventHubs || EndpointKind.Of(Endpoint) == EndpointKind.EventGrid => TokenDefaults.Audience(Endpoint),
        Authentication.SystemAssignedManagedIdentity identity => identity.Audience ?? TokenDefaults.Audience(Endpoint),
        Authentication.UserAssignedManagedIdentity identity => identity.Scope ?? TokenDefaults.Audience(Endpoint),
        _ => null,
    };

    /// <summary>From the stage secrets on.</summary>
    public ConnectionMaterial Material { get; set; } = new();

    /// <summary>From the stage settings on.</summary>
    public DialTarget? Target { get; set; }

    /// <summary>From the stage name on.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; set; } = [];

    /// <summary>The address that answered, from the stage tcp on.</summary>
    public IPEndPoint? Remote { get; set; }

    /// <summary>The connection as far as it is made.</summary>
    public Stream? Stream { get; set; }

    /// <summary>The MQTT connection, from the stage sign-in on.</summary>
    public MqttConnection? Mqtt { get; set; }

    /// <summary>The latest messages that came on it.</summary>
    public Channel<Message> Received { get; } = Channel.CreateBounded<Message>(new BoundedChannelOptions(MostReceived) { FullMode = BoundedChannelFullMode.DropOldest });

    /// <summary>Token of the sign-in; null when the method uses none.</summary>
    public BearerToken? Token { get; set; }

    /// <summary>What the Kafka client library may dial, from the stage tcp on.</summary>
    public KafkaAddressPolicy? KafkaAddresses { get; set; }

    /// <summary>Kinds of requests that the broker takes, with the versions of each.</summary>
    public IReadOnlyDictionary<short, (short Least, short Most)> KafkaVersions { get; set; } = new Dictionary<short, (short, short)>();

    /// <summary>The Kafka cluster, from the stage sign-in on.</summary>
    public KafkaCluster? Cluster { get; set; }

    public KafkaProbeSession? Kafka { get; set; }

    /// <summary>The stage that runs or ran last; it may end after its time.</summary>
    public Task Running { get; set; } = Task.CompletedTask;

    /// <summary>True when a stage passed, with or without a warning.</summary>
    public bool IsGood(TestStage stage) => _good.Contains(stage);

    public void Note(StageResult result)
    {
        if (result.Verdict is TestVerdict.Passed or TestVerdict.Warning)
            _good.Add(result.Stage);
    }

    /// <summary>Closes the connection; the protocol's client, when there is one, says goodbye first.</summary>
    public async Task CloseStreamAsync()
    {
        var stream = Stream;
        Stream = null;
        if (stream is not null)
            await stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Mqtt is not null)
            await Mqtt.DisposeAsync();
        if (Kafka is not null)
            await Kafka.DisposeAsync();
        await CloseStreamAsync();
        Material.Dispose();
    }
}
