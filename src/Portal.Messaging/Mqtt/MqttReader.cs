using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Preview;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Mqtt;

/// <summary>
/// Reads a topic filter for previews: a client id of its own, clean start and session expiry 0, so that the broker keeps nothing
/// and no flow's session or shared subscription is touched. The endpoint's QoS is kept, so that messages show the one they were sent with.
/// </summary>
internal sealed class MqttReader(DataflowEndpoint endpoint, string filter, MqttConnector connector) : IPreviewSource
{
    public async Task<Problem> ReadAsync(PreviewBuffer buffer, CancellationToken cancellationToken)
    {
        await using var connection = await connector.OpenAsync(endpoint, message => buffer.Add(Cut(message), message.Payload.Length), cancellationToken);
        MqttReasonCode code;
        string? words;
        try
        {
            (code, words) = await connection.SubscribeAsync(filter, cancellationToken);
        }
        catch (ConnectionException e)
        {
            return MqttTopicProblems.OfLoss(
                e.Problem, "The broker closed the connection at the subscription.",
                "Check the client's rights on the topic and look into the broker's log: some brokers cut off a client that asks for what it may not read.");
        }

        if (code.IsFailure)
            throw new ConnectionException(MqttTopicProblems.OfSubscription(code, filter, words));
        buffer.Set(PreviewState.Reading);
        return await connection.Lost.WaitAsync(cancellationToken);
    }

    // Only what a preview keeps of a large payload; most are kept as they came.
    private static Message Cut(Message message) => message.Payload.Length <= PreviewLimits.PayloadBytes
        ? message
        : message with { Payload = message.Payload[..PreviewLimits.PayloadBytes].ToArray() };
}
