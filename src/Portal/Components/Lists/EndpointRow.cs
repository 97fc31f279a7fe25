using System.Collections.Frozen;
using Portal.Components.Shared;
using Portal.Messaging.Probes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Ports;
using Portal.Resources;

namespace Portal.Components.Lists;

/// <summary>What the last test of an endpoint says, best first.</summary>
public enum LastVerdict { Passed, NotTested, Warning, Failed }

/// <summary>One endpoint as the lists show it.</summary>
public sealed record EndpointRow(StoredResource Stored, DataflowEndpoint Endpoint, EndpointKind? Kind, IReadOnlyList<string> Users, TestReport? Report)
{
    private static readonly FrozenDictionary<AuthenticationMethod, string> Methods = EndpointFields.For(EndpointKind.CustomMqtt)
        .First(field => field.Path.EndsWith(".authentication.method", StringComparison.Ordinal)).Choices
        .ToFrozenDictionary(choice => Enum.Parse<AuthenticationMethod>(choice.Value), choice => choice.Label);

    public string Name => Endpoint.Name;

    /// <summary>Title of the tile, or the wire value of a type that is not edited here.</summary>
    public string KindName => Kind?.DisplayName ?? Text.Endpoints_ReadOnlyType.With(Endpoint.EndpointType);

    public string Host => Endpoint.Settings?.Host ?? "";

    public AuthenticationMethod? Method => Endpoint.Settings?.Authentication?.Method;

    public string? Secret => Endpoint.Settings?.Authentication?.SecretReference;

    public string? ConfigMap => Endpoint.Settings?.Tls.TrustedCaCertificateConfigMapRef;

    /// <summary>Earliest end of a credential or CA that the endpoint names; null = none known.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Fields of a draft that is not applied; null = there is no draft.</summary>
    public int? DraftChanges { get; init; }

    public string Authentication => Endpoint.Settings?.Authentication switch
    {
        null => "",
        Model.Endpoints.Authentication.Sasl { SaslType: { } type } => $"SASL, {type}",
        Model.Endpoints.Authentication.Anonymous => Text.Endpoints_Anonymous,
        { Method: var method } => MethodName(method),
    };

    public LastVerdict Verdict => Report switch
    {
        null => LastVerdict.NotTested,
        { Outcome: TestOutcome.Failed } => LastVerdict.Failed,
        { Warnings: > 0 } => LastVerdict.Warning,
        _ => LastVerdict.Passed,
    };

    public UiState State => Verdict switch
    {
        LastVerdict.Failed => UiState.Failed,
        LastVerdict.Warning => UiState.Warning,
        LastVerdict.Passed => UiState.Passed,
        _ => UiState.NeverTested,
    };

    /// <summary>The verdict in words: "Passed, 212 ms", "Failed at TLS".</summary>
    public string VerdictWords => Report switch
    {
        null => Text.State_NeverTested,
        { Outcome: TestOutcome.Failed, FailedStage: { } failed } => Text.Endpoints_FailedAt.With(StageName(failed.Stage)),
        { Outcome: TestOutcome.Failed } => Text.State_Failed,
        { Warnings: 1 } => Text.Endpoints_PassedOneWarning,
        { Warnings: > 1 } => Text.Endpoints_PassedWarnings.With(Report.Warnings),
        _ => Text.Endpoints_PassedIn.With(Math.Round(Report.Milliseconds)),
    };

    public bool Finds(string word) => Has(Name, word) || Has(Host, word) || Has(KindName, word) || Has(Secret, word) || Has(ConfigMap, word);

    public static string MethodName(AuthenticationMethod method) =>
        method is AuthenticationMethod.Anonymous ? Text.Endpoints_Anonymous : Methods.GetValueOrDefault(method, method.ToString());

    public static string StageName(TestStage stage) => Text.Get("Endpoints_Stage" + stage);

    /// <summary>All endpoints of a store with what is known of each.</summary>
    public static IReadOnlyList<EndpointRow> From(StoreListing listing, Func<string, TestReport?> lastReport)
    {
        var users = listing.Of(ResourceKind.Dataflow).Select(stored => (Dataflow)stored.Value)
            .SelectMany(flow => flow.Uses.Select(use => (use.Endpoint, flow.Name)).Distinct())
            .ToLookup(use => use.Endpoint, use => use.Name, StringComparer.Ordinal);
        return
        [
            .. listing.Of(ResourceKind.DataflowEndpoint).Select(stored => (stored, (DataflowEndpoint)stored.Value)).Select(pair =>
                new EndpointRow(pair.stored, pair.Item2, EndpointKind.Of(pair.Item2), [.. users[pair.Item2.Name]], lastReport(pair.Item2.Name))),
        ];
    }

    private static bool Has(string? text, string word) => text is not null && text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
