using System.Text.Json.Nodes;
using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>Kafka sign-in: the client library signs in and asks for the cluster's metadata.</summary>
internal sealed class KafkaSignIn(HostAliases aliases, SecondLook secondLook, TimeProvider clock)
{
    public async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        // The library dials the bootstrap address itself; the connection of the stages before has done its work.
        await context.CloseStreamAsync();
        var settings = KafkaClientSettings.From(context.Endpoint, context.Role, aliases, context.Material);
        var evidence = new JsonObject { ["clientId"] = settings.ClientId, ["mechanism"] = settings.Mechanism };
        KafkaProbeSession session;
        try
        {
            session = context.Kafka = new KafkaProbeSession(settings, context.Material, clock);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            return StageFinding.Of(new Problem("kafka-client", $"The Kafka client does not start with these settings: {e.Message}", "Check certificate, key and CA of the endpoint."), evidence);
        }
        var problem = await secondLook.ForTlsServer(context).BesideAsync(
            stop => AskAsync(session, stop),
            isUnclear: found => found?.Cause == "signin-closed",
            otherwise: () => SignInProblems.TlsServer("signin-tls-server"),
            cancellationToken);
        return problem is not null
            ? StageFinding.Of(problem, evidence)
            : StageFinding.Passed(settings.Mechanism is null ? "Connected, no sign-in needed" : $"Signed in with {settings.Mechanism}", evidence);
    }

    private static async Task<Problem?> AskAsync(KafkaProbeSession session, CancellationToken cancellationToken)
    {
        var (metadata, problem) = await session.AskAsync((client, limit) => client.GetMetadata(limit), cancellationToken);
        session.Metadata = metadata;
        return problem;
    }
}
