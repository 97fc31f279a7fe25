using System.Text.Json.Nodes;
using Portal.Messaging.Network;

namespace Portal.Messaging.Probes;

/// <summary>Which addresses are behind the host name?</summary>
internal sealed class NameStage(IHostLookup lookup) : ProbeStage
{
    public override TestStage Stage => TestStage.Name;

    public override string Awaited(ProbeContext context) => $"the name server answered for '{context.Target!.Dialled.Host}'";

    public override string? SkipReason(ProbeContext context) => context.Target is null ? "Skipped, needs valid settings" : null;

    public override async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var target = context.Target!;
        var found = await lookup.ResolveAsync(target.Dialled, cancellationToken);
        context.Addresses = found.Addresses;
        var evidence = new JsonObject { ["host"] = target.Written.Host };
        if (target.IsAlias)
            evidence["alias"] = target.Dialled.Authority;
        evidence["addresses"] = new JsonArray([.. found.Addresses.Select(JsonNode? (address) => address.ToString())]);
        if (found.Problem is not null)
            return StageFinding.Of(found.Problem, evidence);
        var addresses = string.Join(", ", found.Addresses);
        return StageFinding.Passed(
            target.IsAlias ? $"{target.Written.Authority} is a host alias of {target.Dialled.Authority}"
            : target.Dialled.IsAddress ? $"{addresses} is an address, no name to look up"
            : addresses,
            evidence);
    }
}
