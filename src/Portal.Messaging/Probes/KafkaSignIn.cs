using System.Text.Json.Nodes;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>
/// Kafka sign-in on the connection at hand, and the question for the cluster's brokers. The client library comes in only
/// when every address that it would dial has been judged.
/// </summary>
internal sealed class KafkaSignIn(HostAliases aliases, SecondLook secondLook, KafkaSasl sasl)
{
    public async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var settings = KafkaClientSettings.From(context.Endpoint, context.Role, aliases, context.Material);
        var evidence = new JsonObject { ["clientId"] = settings.ClientId, ["mechanism"] = settings.Mechanism };
        try
        {
            var problem = await secondLook.ForTlsServer(context).BesideAsync(
                stop => SignInAsync(context, settings, evidence, stop),
                isUnclear: found => found?.Cause is "signin-closed" or "signin-not-kafka",
                otherwise: () => SignInProblems.TlsServer(),
                cancellationToken);
            return problem is not null
                ? StageFinding.Of(problem, evidence)
                : StageFinding.Passed(settings.Mechanism is null ? "Connected, no sign-in needed" : $"Signed in with {settings.Mechanism}", evidence);
        }
        finally
        {
            await context.CloseStreamAsync();
        }
    }

    private async Task<Problem?> SignInAsync(ProbeContext context, KafkaClientSettings settings, JsonObject evidence, CancellationToken cancellationToken)
    {
        var dialogue = new KafkaDialogue(context.Stream!, settings.ClientId);
        var step = "APIVERSION_QUERY";
        try
        {
            var versions = context.KafkaVersions = await dialogue.AskVersionsAsync(cancellationToken);
            if (settings.Mechanism is not null)
            {
                if (!versions.ContainsKey(KafkaApi.SaslHandshake))
                    return KafkaProblems.NoSasl();
                step = "AUTH_REQ";
                if (await sasl.SignInAsync(dialogue, settings, context, cancellationToken) is { } refused)
                    return refused;
            }
            step = "UP";
            context.Cluster = await dialogue.AskClusterAsync(cancellationToken);
            return null;
        }
        catch (ConnectionException e)
        {
            return e.Problem;
        }
        catch (InvalidDataException)
        {
            return new Problem("signin-not-kafka", "What answers on this port does not speak Kafka.", "Check host and port: Kafka listeners are often on 9092 (plain) or 9093 (TLS).") { Summary = "The server does not speak Kafka" };
        }
        catch (IOException e)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (context.Target!.UsesTls && step == "APIVERSION_QUERY" && TlsProblems.OfAlertAfterHandshake(e, context.Material.ClientCertificate is not null) is { } alert)
                return alert;
            if (step == "APIVERSION_QUERY" && SignInProblems.ClosedOnCertificate(context) is { } certificate)
                return certificate;
            return KafkaProblems.ExplainClosed($"Disconnected in state {step}", settings.Mechanism) ?? KafkaProblems.ExplainClosed("Disconnected in state APIVERSION_QUERY", null);
        }
    }
}
