using Portal.Messaging.Connections;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Mqtt;

/// <summary>Publishes one message on a connection of its own, at the endpoint's QoS.</summary>
internal sealed class MqttPublisher(MqttConnector connector, TimeProvider time)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    /// <returns>Null when the broker has it, else why not.</returns>
    /// <exception cref="ConnectionException">There was no connection.</exception>
    public async Task<Problem?> PublishAsync(DataflowEndpoint endpoint, Message message, CancellationToken cancellationToken = default)
    {
        if (MqttMessages.Problem(message) is { } wrong)
            return new Problem("message-invalid", wrong, "");
        await using var connection = await connector.OpenAsync(endpoint, received: null, cancellationToken);
        if (Unsupported(message, connection) is { } unsupported)
            return unsupported;
        using var timer = new CancellationTokenSource(_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            var answer = await connection.PublishAsync(message, either.Token);
            return answer.Reason.IsFailure ? MqttTopicProblems.OfPublication(answer.Reason, message.Topic, answer.Words) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Problem(
                "topic-write-timeout", $"The broker did not acknowledge the message in {_limit.TotalSeconds:0} s. It may have it all the same.",
                "Look into the broker's log before you publish it again.");
        }
        catch (ConnectionException e)
        {
            return MqttTopicProblems.OfLoss(
                e.Problem, $"The broker closed the connection at the message to '{message.Topic}'.",
                "Check the client's right to write to the topic and look into the broker's log.");
        }
    }

    private static Problem? Unsupported(Message message, MqttConnection connection)
    {
        if (message.Retain is true && !connection.Answer.RetainAvailable)
            return new Problem("topic-retain-unsupported", "The broker keeps no retained messages.", "Publish without the retain flag.");
        var most = Math.Min(connection.Settings.MostPacketBytes, connection.Answer.MaximumPacketSize ?? MqttPackets.MostBytesOfPacket);
        return MqttPackets.SizeOfPublish(message, connection.Qos) is { } size && size <= most ? null : new Problem(
            "topic-message-too-large",
            $"The message with its payload of {message.Payload.Length:N0} bytes is larger than the {most:N0} bytes that the broker accepts in a packet.",
            "Publish a smaller message, or raise the broker's maximum packet size.");
    }
}
