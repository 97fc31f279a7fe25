using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Messaging.Preview;

/// <summary>What can be said of a request without a connection.</summary>
internal static class PreviewRequests
{
    /// <summary>Why the request cannot work as it is; null when it can be tried.</summary>
    public static Problem? Check(PreviewRequest request) => CheckEndpoint(request.Endpoint) ?? CheckTopic(request) ?? CheckStart(request);

    /// <summary>Why the endpoint cannot be connected to as it is; the same rules as on the form.</summary>
    public static Problem? CheckEndpoint(DataflowEndpoint endpoint)
    {
        if (endpoint.Settings is null)
        {
            return new Problem(
                "endpoint-type", $"Endpoints of the type {(endpoint.OtherType is { Length: > 0 } type ? type : "(none)")} have no live traffic: the portal speaks MQTT and Kafka.",
                "Choose an endpoint of the type Mqtt or Kafka.");
        }

        // A preview needs no name; the endpoint may be a draft that has none yet.
        var error = EndpointValidator.Validate(endpoint).FirstOrDefault(finding => finding.Severity is Severity.Error && finding.Path != "metadata.name");
        return error is null ? null : new Problem(error.Code, error.Message, error.Fix ?? "Correct it on the form.");
    }

    private static Problem? CheckTopic(PreviewRequest request)
    {
        if (request.Endpoint.Settings?.Wire is Wire.Kafka)
        {
            return string.IsNullOrWhiteSpace(request.Topic)
                ? new Problem("topic-missing", "The topic is missing.", "Write the name of a Kafka topic, for example line3-telemetry.")
                : TopicFilter.HasWildcard(request.Topic)
                    ? new Problem("topic-wildcard", $"'{request.Topic}' holds a wildcard; Kafka reads one topic.", "Write the name of one topic, for example line3-telemetry.")
                    : null;
        }

        if (TopicFilter.IsShared(request.Topic))
        {
            return new Problem(
                "topic-shared", "A preview does not join a shared subscription ($share/...): it would take messages from the flows that share it.",
                "Write the topic filter alone, without $share/ and the group, for example line3/#.");
        }

        return TopicFilter.Problem(request.Topic) is { } problem ? new Problem("topic-filter-invalid", problem, "") : null;
    }

    private static Problem? CheckStart(PreviewRequest request) => request switch
    {
        { Start: PreviewStart.Time, From: null } => new Problem("start-time-missing", "The start time is missing.", "Choose a date and a time, or start from now."),
        { Start: PreviewStart.Offset, Offset: null or < 0 } => new Problem("start-offset-missing", "The start offset is missing.", "Write an offset, 0 or more, or start from now."),
        _ => null,
    };
}
