using System.Text.Json.Nodes;
using MQTTnet.Exceptions;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>MQTT sign-in: CONNECT with the settings of previews and flows, on the connection at hand.</summary>
internal sealed class MqttSignIn(HostAliases aliases, SecondLook secondLook, TimeProvider clock)
{
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
        var session = context.Mqtt = new MqttProbeSession(settings, context.Stream!, clock)
        {
            Endpoint = context.Endpoint.Mqtt!,
        };
        context.Stream = null;
        var problem = await secondLook.ForTlsServer(context).BesideAsync(
            stop => ConnectAsync(context, session, token, stop),
            isUnclear: found => found?.Cause is "signin-closed" or "signin-not-mqtt",
            otherwise: () => SignInProblems.TlsServer(),
            cancellationToken);
        if (session.Answer is { } answer)
        {
            evidence["reasonCode"] = $"0x{(int)answer.ResultCode:X2} {answer.ResultCode}";
            evidence["reason"] = answer.ReasonString;
            evidence["assignedClientId"] = answer.AssignedClientIdentifier;
        }
        if (problem is not null)
            return StageFinding.Of(problem, evidence);
        return StageFinding.Passed($"Signed in as {settings.ClientId}", evidence);
    }

    private async Task<Problem?> ConnectAsync(ProbeContext context, MqttProbeSession session, BearerToken? token, CancellationToken cancellationToken)
    {
        try
        {
            session.Answer = await session.Client.ConnectAsync(session.Settings.ToOptions(session.Streams, token), cancellationToken);
            var problem = SignInProblems.OfAnswer(session.Answer, session.Transport.FirstBytes, context);
            return problem is { Cause: "signin-not-authorized" or "signin-bad-credentials" } && token is not null
                ? TokenRefusals.Explain(session.Answer.ReasonString, token, context.ExpectedAudience, "the audience of the endpoint", clock.GetUtcNow()) ?? problem
                : problem;
        }
        catch (Exception e) when (e is MqttCommunicationException or MqttProtocolViolationException or IOException or InvalidOperationException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return SignInProblems.OfBrokenOff(e, session.Transport.FirstBytes, context);
        }
    }
}
