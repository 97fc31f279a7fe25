using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Network;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Mqtt;

/// <summary>Opens the MQTT connections of flows and previews: the settings, dialer, sign-in and words of a connection test, so that a green test means that they connect.</summary>
internal sealed class MqttConnector(MaterialResolver materials, BrokerDialer dialer, HostAliases aliases, TimeProvider time)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(15);

    /// <summary>A broker that takes the connection and does not answer.</summary>
    public static Problem NoAnswer(TimeSpan limit) => new(
        "connect-timeout", $"The broker did not answer the sign-in in {limit.TotalSeconds:0} s.", "Run Test connection: it shows which step does not answer.");

    public MqttClientSettings SettingsOf(DataflowEndpoint endpoint, ClientRole role) => MqttClientSettings.From(endpoint, role, aliases);

    /// <summary>Dials and signs in for a flow.</summary>
    /// <exception cref="ConnectionException">It did not work; the problem says why.</exception>
    public Task<MqttSession> OpenAsync(DataflowEndpoint endpoint, MqttClientSettings settings, IMqttReceiver receiver, CancellationToken cancellationToken = default) =>
        OpenAsync(endpoint, settings, (stream, tokens, token) => new MqttSession(stream, settings.ToConnect(token), tokens, token, receiver, time), cancellationToken);

    /// <summary>Dials and signs in for a preview or for one message.</summary>
    /// <param name="received">Called for every message, one after the other; null = the connection only publishes.</param>
    /// <exception cref="ConnectionException">It did not work; the problem says why.</exception>
    public async Task<MqttConnection> OpenAsync(DataflowEndpoint endpoint, Action<Message>? received, CancellationToken cancellationToken = default)
    {
        // Nothing of a preview may stay on the broker.
        var settings = SettingsOf(endpoint, ClientRole.Preview()) with { SessionExpirySeconds = 0 };
        MqttConnection? connection = null;
        await OpenAsync(
            endpoint, settings, (stream, tokens, token) => (connection = new MqttConnection(settings, stream, tokens, token, received, time)).Session, cancellationToken);
        return connection!;
    }

    private async Task<MqttSession> OpenAsync(
        DataflowEndpoint endpoint, MqttClientSettings settings, Func<Stream, ITokenSource?, BearerToken?, MqttSession> create, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await OpenWithinAsync(endpoint, settings, create, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException(NoAnswer(_limit));
        }
    }

    private async Task<MqttSession> OpenWithinAsync(
        DataflowEndpoint endpoint, MqttClientSettings settings, Func<Stream, ITokenSource?, BearerToken?, MqttSession> create, CancellationToken cancellationToken)
    {
        using var material = await materials.ResolveAsync(endpoint, cancellationToken);
        if (material.Failure is { } failure)
            throw new ConnectionException(failure);
        var token = material.Tokens is { } tokens ? await tokens.GetAsync(cancellationToken) : null;
        var stream = new WatchedStream(await dialer.ConnectAsync(settings.Target, material, cancellationToken));
        var session = create(stream, material.Tokens, token);
        var context = new ProbeContext(new TestRequest(endpoint), _limit) { Material = material, Target = settings.Target, Token = token };
        try
        {
            return await MqttSignIn.ConnectAsync(session, stream, context, time, cancellationToken) is { } problem ? throw new ConnectionException(problem) : session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }
}
