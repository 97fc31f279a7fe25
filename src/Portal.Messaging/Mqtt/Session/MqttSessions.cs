using System.Net.Sockets;
using System.Text;
using MQTTnet;
using Portal.Messaging.Connections;
using Portal.Messaging.Network;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>Opens sessions of flows: the settings, dialer and words of a connection test, so that a green test means that the flow connects.</summary>
internal sealed class MqttSessions(MaterialResolver materials, BrokerDialer dialer, HostAliases aliases, TimeProvider time)
{
    /// <summary>Longest keep alive that Event Grid takes, in seconds.</summary>
    private const int MostKeepAliveOfEventGrid = 1160;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(15);

    /// <summary>The settings of an endpoint for a flow.</summary>
    public MqttClientSettings SettingsOf(DataflowEndpoint endpoint, ClientRole role)
    {
        var settings = MqttClientSettings.From(endpoint, role, aliases);
        return EndpointKind.Of(endpoint) == EndpointKind.EventGrid && settings.KeepAlive > TimeSpan.FromSeconds(MostKeepAliveOfEventGrid)
            ? settings with { KeepAlive = TimeSpan.FromSeconds(MostKeepAliveOfEventGrid) }
            : settings;
    }

    /// <summary>Dials and signs in.</summary>
    /// <exception cref="ConnectionException">It did not work; the problem says why.</exception>
    public async Task<MqttSession> OpenAsync(DataflowEndpoint endpoint, MqttClientSettings settings, IMqttReceiver receiver, CancellationToken cancellationToken = default)
    {
        using var timer = new CancellationTokenSource(_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await OpenWithinAsync(endpoint, settings, receiver, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException(MqttConnector.NoAnswer(_limit));
        }
    }

    private async Task<MqttSession> OpenWithinAsync(DataflowEndpoint endpoint, MqttClientSettings settings, IMqttReceiver receiver, CancellationToken cancellationToken)
    {
        using var material = await materials.ResolveAsync(endpoint, cancellationToken);
        if (material.Failure is { } failure)
            throw new ConnectionException(failure);
        var token = material.Tokens is { } tokens ? await tokens.GetAsync(cancellationToken) : null;
        var stream = new WatchedStream(await dialer.ConnectAsync(settings.Target, material, cancellationToken));
        var connect = new MqttConnect(
            settings.ClientId, settings.CleanStart, (ushort)Math.Clamp(settings.KeepAlive.TotalSeconds, 0, ushort.MaxValue), settings.SessionExpirySeconds,
            settings.ReceiveMaximum, settings.EnhancedMethod, token is null ? null : Encoding.UTF8.GetBytes(token.Value));
        var session = new MqttSession(stream, connect, material.Tokens, token, receiver, time);
        // The words for a refusal are those of the test's sign-in stage.
        var context = new ProbeContext(new TestRequest(endpoint), _limit) { Material = material, Target = settings.Target };
        try
        {
            var answer = await session.ConnectAsync(cancellationToken);
            var refused = SignInProblems.OfAnswer((MqttClientConnectResultCode)answer.Reason, answer.ReasonString, answer.ServerReference, stream.FirstBytes, context);
            return refused is null ? session : throw new ConnectionException(refused);
        }
        catch (Exception e)
        {
            await session.DisposeAsync();
            if (e is IOException or SocketException or MqttProtocolException)
                throw new ConnectionException(SignInProblems.OfBrokenOff(e, stream.FirstBytes, context), e);
            throw;
        }
    }
}
