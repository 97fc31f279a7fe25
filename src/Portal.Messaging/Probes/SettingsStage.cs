using System.Text.Json.Nodes;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Mqtt;
using Portal.Messaging.Network;
using Portal.Model.Fields;
using Portal.Model.Validation;

namespace Portal.Messaging.Probes;

/// <summary>Are the settings valid? The same rules as on the form.</summary>
internal sealed class SettingsStage(HostAliases aliases) : ProbeStage
{
    public override TestStage Stage => TestStage.Settings;

    public override string Awaited(ProbeContext context) => "the settings were checked";

    public override string? SkipReason(ProbeContext context) => null;

    public override Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken) => Task.FromResult(Run(context));

    private StageFinding Run(ProbeContext context)
    {
        var endpoint = context.Endpoint;
        if (endpoint.Settings is null)
        {
            return StageFinding.Of(new Problem(
                "endpoint-type", $"Endpoints of the type {(endpoint.OtherType is { Length: > 0 } type ? type : "(none)")} cannot be tested: the portal speaks MQTT and Kafka.",
                "Test an endpoint of the type Mqtt or Kafka."));
        }
        // A test needs no name; the endpoint may be a draft that has none yet.
        var findings = EndpointValidator.Validate(endpoint, context.Request.Kind).Where(finding => finding.Path != "metadata.name").ToList();
        var evidence = Evidence(findings);
        if (findings.Find(finding => finding.Severity is Severity.Error) is { } error)
            return StageFinding.Of(ProblemOf(error), evidence);
        context.Target = endpoint.Kafka is null
            ? MqttClientSettings.From(endpoint, context.Role, aliases).Target
            : KafkaClientSettings.From(endpoint, context.Role, aliases, context.Material).Target;
        if (findings.Find(finding => finding.Severity is Severity.Warning) is { } warning)
            return StageFinding.Of(ProblemOf(warning) with { IsWarning = true }, evidence);
        return StageFinding.Passed($"{EndpointFields.For(endpoint).Count(field => field.AppliesTo(endpoint))} fields", evidence);
    }

    private static Problem ProblemOf(Finding finding) => new(finding.Code, finding.Message, finding.Fix ?? "Correct it on the form.");

    private static JsonObject Evidence(List<Finding> findings) => findings.Count == 0 ? [] : new JsonObject
    {
        ["findings"] = new JsonArray([.. findings.Select(JsonNode? (finding) => new JsonObject
        {
            ["path"] = finding.Path,
            ["code"] = finding.Code,
            ["severity"] = finding.Severity.ToString().ToLowerInvariant(),
            ["message"] = finding.Message,
            ["fix"] = finding.Fix,
        })]),
    };
}
