using System.Net;
using MQTTnet.Channel;

namespace Portal.Messaging.Mqtt;

/// <summary>Hands the MQTT client library a stream that is connected already.</summary>
internal sealed class ReadyStreams(Stream stream) : IMqttClientStreamProvider
{
    public Task<Stream> ConnectAsync(EndPoint brokerEndPoint, CancellationToken cancellationToken) => Task.FromResult(stream);
}
