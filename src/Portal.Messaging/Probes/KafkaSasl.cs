using System.Text;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;
using Portal.Messaging.Kafka;

namespace Portal.Messaging.Probes;

/// <summary>SASL over the Kafka protocol: PLAIN, SCRAM and OAUTHBEARER, with the broker's own words when it refuses.</summary>
internal sealed class KafkaSasl(TimeProvider clock)
{
    private const short UnsupportedMechanism = 33;

    /// <summary>Signs in; the problem when the broker does not let us in.</summary>
    public async Task<Problem?> SignInAsync(KafkaDialogue dialogue, KafkaClientSettings settings, ProbeContext context, CancellationToken cancellationToken)
    {
        var (mechanism, material) = (settings.Mechanism!, context.Material);
        // The token is had first: a broker drops a connection that waits for long in the middle of a sign-in.
        var token = context.Token = settings.UsesTokens ? await material.Tokens!.GetAsync(cancellationToken) : null;
        var (error, offered) = await dialogue.HandshakeAsync(mechanism, cancellationToken);
        if (error == UnsupportedMechanism && offered.Count > 0)
            return KafkaProblems.NotOffered(mechanism, string.Join(", ", offered));
        if (error != 0)
            return KafkaProblems.NoSasl();
        var (user, password) = (material.Username ?? "", material.Password?.Reveal() ?? "");
        return mechanism switch
        {
            "PLAIN" => await PlainAsync(dialogue, mechanism, Encoding.UTF8.GetBytes($"\0{user}\0{password}"), cancellationToken),
            "OAUTHBEARER" => await BearerAsync(dialogue, mechanism, token!, context, cancellationToken),
            _ => await ScramAsync(dialogue, mechanism, new ScramClient(mechanism, user, password), cancellationToken),
        };
    }

    private static async Task<Problem?> PlainAsync(KafkaDialogue dialogue, string mechanism, byte[] message, CancellationToken cancellationToken)
    {
        var (error, words, _) = await dialogue.AuthenticateAsync(message, cancellationToken);
        return error == 0 ? null : KafkaProblems.Refused(mechanism, words);
    }

    private async Task<Problem?> BearerAsync(KafkaDialogue dialogue, string mechanism, BearerToken token, ProbeContext context, CancellationToken cancellationToken)
    {
        var (error, words, status) = await dialogue.AuthenticateAsync(Encoding.UTF8.GetBytes($"n,,\u0001auth=Bearer {token.Value}\u0001\u0001"), cancellationToken);
        if (error == 0 && status.Length == 0)
            return null;
        if (error == 0)
        {
            // A token that is refused is answered with a status (RFC 7628), which the client must acknowledge with one byte.
            (_, words, _) = await dialogue.AuthenticateAsync([1], cancellationToken);
            words ??= Encoding.UTF8.GetString(status);
        }
        return TokenRefusals.Explain(words, token, context.ExpectedAudience, "the audience or scope", clock.GetUtcNow()) ?? Refused(mechanism, words, context);
    }

    private static Problem Refused(string mechanism, string? words, ProbeContext context)
    {
        var refused = KafkaProblems.Refused(mechanism, words);
        return RoleFix.Of(context.Endpoint, null) is { } roles ? refused with { Fix = $"Check the audience or scope, https://<namespace>.servicebus.windows.net/.default. {roles}" } : refused;
    }

    private static async Task<Problem?> ScramAsync(KafkaDialogue dialogue, string mechanism, ScramClient scram, CancellationToken cancellationToken)
    {
        var (error, words, challenge) = await dialogue.AuthenticateAsync(scram.First, cancellationToken);
        if (error != 0)
            return KafkaProblems.Refused(mechanism, words);
        if (scram.Final(challenge) is not { } final)
            return Unproven("its challenge makes no sense");
        (error, words, var proof) = await dialogue.AuthenticateAsync(final, cancellationToken);
        if (error != 0)
            return KafkaProblems.Refused(mechanism, words);
        return scram.Proves(proof) ? null : Unproven("it does not prove that it knows the password");
    }

    private static Problem Unproven(string how) => new(
        "signin-server-unproven", $"The server accepts the sign-in, but {how}: it may not be the broker that it says it is.",
        "Check host and port, and switch TLS mode enabled on so that the server shows who it is.")
    { Summary = "The server does not prove itself" };
}
