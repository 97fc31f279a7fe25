using MQTTnet;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Portal.Messaging.Connections;
using Portal.Messaging.Preview;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Mqtt;

/// <summary>
/// Reads a topic filter for previews: a client id of its own, clean start and session expiry 0, so that the broker keeps nothing
/// and no flow's session or shared subscription is touched. The endpoint's QoS is kept, so that messages show the one they were sent with.
/// </summary>
internal sealed class MqttReader(DataflowEndpoint endpoint, string filter, MqttConnector connector, TimeProvider time) : IPreviewSource
{
    public async Task<Problem> ReadAsync(PreviewBuffer buffer, CancellationToken cancellationToken)
    {
        await using var connection = await connector.OpenAsync(
            endpoint,
            message => buffer.Add(MqttMessages.ToMessage(message, time.GetUtcNow(), PreviewLimits.PayloadBytes), message.Payload.Length),
            cancellationToken);
        try
        {
            await SubscribeAsync(connection, cancellationToken);
        }
        catch (Exception e) when (MqttConnection.IsBroken(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new Problem(
                "topic-closed", "The broker closed the connection at the subscription.",
                "Check the client's rights on the topic and look into the broker's log: some brokers cut off a client that asks for what it may not read.");
        }

        buffer.Set(PreviewState.Reading);
        return await connection.Lost.WaitAsync(cancellationToken);
    }

    private async Task SubscribeAsync(MqttConnection connection, CancellationToken cancellationToken)
    {
        var wanted = new MqttTopicFilter
        {
            Topic = filter,
            QualityOfServiceLevel = (MqttQualityOfServiceLevel)Math.Min(connection.Settings.Qos, (int)connection.Answer.MaximumQoS),
            // The flag as it was sent, for live messages too.
            RetainAsPublished = true,
        };
        var result = await connection.Client.SubscribeAsync(new MqttClientSubscribeOptions { TopicFilters = [wanted] }, cancellationToken);
        var code = result.Items.First().ResultCode;
        if (code > MqttClientSubscribeResultCode.GrantedQoS2)
            throw new ConnectionException(MqttTopicProblems.OfSubscription(code, filter, result.ReasonString));
    }
}
