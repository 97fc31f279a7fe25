using System.Text.Json.Nodes;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>MQTT sign-in: CONNECT with the settings of previews and flows, on the connection at hand.</summary>
internal sealed class MqttSignIn(HostAliases aliases, SecondLook secondLook, TimeProvider clock)
{
    /// <summary>Signs in, for tests, previews and flows alike.</summary>
    /// <param name="stream">The connection of the session.</param>
    /// <param name="context">What the words are made from: endpoint, target, material and token.</param>
    /// <returns>Why it did not work; null when it did.</returns>
    public static async Task<Problem?> ConnectAsync(MqttSession session, WatchedStream stream, ProbeContext context, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await session.ConnectAsync(cancellationToken);
            var problem = SignInProblems.OfAnswer(answer, context);
            return problem is { Cause: "signin-not-authorized" or "signin-bad-credentials" } && context.Token is { } token
                ? TokenRefusals.Explain(answer.ReasonString, token, context.ExpectedAudience, "the audience of the endpoint", clock.GetUtcNow()) ?? problem
                : problem;
        }
        catch (ConnectionException e)
        {
            return e.Problem;
        }
        catch (Exception e) when (e is IOException or MqttProtocolException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return SignInProblems.OfBrokenOff(e, stream.FirstBytes, context);
        }
    }

    public async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var settings = MqttClientSettings.From(context.Endpoint, context.Role, aliases);
        var evidence = new JsonObject { ["clientId"] = settings.ClientId, ["method"] = context.Endpoint.Settings!.Authentication!.Method.ToString() };
        BearerToken? token;
        try
        {
            token = context.Token = context.Material.Tokens is { } tokens ? await tokens.GetAsync(cancellationToken) : null;
        }
        catch (ConnectionException e)
        {
            return StageFinding.Of(e.Problem, evidence);
        }
        var stream = new WatchedStream(context.Stream!);
        var connection = context.Mqtt = new MqttConnection(settings, stream, context.Material.Tokens, token, message => context.Received.Writer.TryWrite(message), clock);
        context.Stream = null;
        var problem = await secondLook.ForTlsServer(context).BesideAsync(
            stop => ConnectAsync(connection.Session, stream, context, clock, stop),
            isUnclear: found => found?.Cause is "signin-closed" or "signin-not-mqtt",
            otherwise: () => SignInProblems.TlsServer(),
            cancellationToken);
        if (connection.Session.IsAnswered)
        {
            var answer = connection.Answer;
            evidence["reasonCode"] = answer.OldCode is { } old ? $"0x{old:X2} (MQTT 3.1.1)" : answer.Reason.Shown;
            evidence["reason"] = answer.ReasonString;
            evidence["assignedClientId"] = answer.AssignedClientIdentifier;
        }
        if (problem is not null)
            return StageFinding.Of(problem, evidence);
        return StageFinding.Passed($"Signed in as {settings.ClientId}", evidence);
    }
}
