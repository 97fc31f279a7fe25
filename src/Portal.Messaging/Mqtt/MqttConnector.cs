using MQTTnet;
using Portal.Messaging.Connections;
using Portal.Messaging.Network;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Mqtt;

/// <summary>Opens MQTT connections of previews: the settings, dialer and words of a connection test.</summary>
internal sealed class MqttConnector(MaterialResolver materials, BrokerDialer dialer, HostAliases aliases, TimeProvider time)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(15);

    /// <summary>Dials and signs in.</summary>
    /// <param name="received">Called for every message, one after the other; null = the connection only publishes.</param>
    /// <exception cref="ConnectionException">It did not work; the problem says why.</exception>
    public async Task<MqttConnection> OpenAsync(
        DataflowEndpoint endpoint, Action<MqttApplicationMessage>? received, CancellationToken cancellationToken = default)
    {
        using var timer = new CancellationTokenSource(_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            return await OpenWithinAsync(endpoint, received, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectionException(NoAnswer(_limit));
        }
    }

    /// <summary>A broker that takes the connection and does not answer.</summary>
    public static Problem NoAnswer(TimeSpan limit) => new(
        "connect-timeout", $"The broker did not answer the sign-in in {limit.TotalSeconds:0} s.", "Run Test connection: it shows which step does not answer.");

    private async Task<MqttConnection> OpenWithinAsync(DataflowEndpoint endpoint, Action<MqttApplicationMessage>? received, CancellationToken cancellationToken)
    {
        using var material = await materials.ResolveAsync(endpoint, cancellationToken);
        if (material.Failure is { } failure)
            throw new ConnectionException(failure);
        // Nothing of a preview may stay on the broker.
        var settings = MqttClientSettings.From(endpoint, ClientRole.Preview(), aliases) with { SessionExpirySeconds = 0 };
        var token = material.Tokens is { } tokens ? await tokens.GetAsync(cancellationToken) : null;
        var stream = new WatchedStream(await dialer.ConnectAsync(settings.Target, material, cancellationToken));
        var renewal = token is null ? null : new TokenRenewal(material.Tokens!, time);
        var connection = new MqttConnection(settings, stream, received, time) { Renewal = renewal };
        // The words for a refusal are those of the test's sign-in stage.
        var context = new ProbeContext(new TestRequest(endpoint), _limit) { Material = material, Target = settings.Target };
        try
        {
            connection.Answer = await connection.Client.ConnectAsync(settings.ToOptions(new ReadyStreams(stream), token, renewal), cancellationToken);
            if (SignInProblems.OfAnswer(connection.Answer, stream.FirstBytes, context) is { } refused)
                throw new ConnectionException(refused);
            renewal?.Start(connection.Client, token!);
            return connection;
        }
        catch (Exception e)
        {
            var problem = MqttConnection.IsBroken(e) ? SignInProblems.OfBrokenOff(e, stream.FirstBytes, context) : null;
            await connection.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            if (problem is not null)
                throw new ConnectionException(problem, e);
            throw;
        }
    }
}
