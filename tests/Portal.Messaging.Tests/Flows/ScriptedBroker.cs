using System.Collections.Concurrent;
using System.Net.Sockets;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Tests.Support;

namespace Portal.Messaging.Tests.Flows;

/// <summary>An MQTT broker that says what a test tells it to, byte by byte, and remembers what it was told.</summary>
internal sealed class ScriptedBroker : IAsyncDisposable
{
    private const int ConnAck = 0x20;
    private readonly ConcurrentQueue<Packet> _packets = new();
    private readonly RawServer _server;
    private volatile NetworkStream? _current;
    private int _connections;

    public ScriptedBroker() => _server = RawServer.Start(ServeAsync);

    /// <summary>A packet from the client: the number of its connection from 1, first byte and body.</summary>
    public sealed record Packet(int Connection, byte Header, byte[] Body);

    /// <summary>Answer to CONNECT.</summary>
    public byte[] Answer { get; set; } = [ConnAck, 3, 0, 0, 0];

    /// <summary>Answer to a packet in place of the usual one; null = the usual one.</summary>
    public Func<Packet, byte[]?> Reply { get; set; } = _ => null;

    public int Port => _server.Port;

    public int Connections => Volatile.Read(ref _connections);

    public IReadOnlyList<Packet> Packets => [.. _packets];

    public IEnumerable<Packet> Of(int connection, MqttPacketType type) => Packets.Where(packet => packet.Connection == connection && packet.Header >> 4 == (int)type);

    /// <summary>Sends bytes on the connection at hand.</summary>
    public async Task SendAsync(params byte[] bytes) => await _current!.WriteAsync(bytes);

    public Task PublishAsync(string topic, string payload, ushort packetId) => SendAsync(Publish(topic, payload, packetId));

    /// <summary>PUBLISH at QoS 1.</summary>
    public static byte[] Publish(string topic, string payload, ushort packetId)
    {
        var writer = new MqttPacketWriter();
        MqttPackets.Publish(writer, new Message { Topic = topic, Payload = System.Text.Encoding.UTF8.GetBytes(payload) }, 1, false, packetId);
        return writer.Written.ToArray();
    }

    /// <summary>Cuts the connection at hand.</summary>
    public void Cut() => _current!.Socket.Close();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream stream, CancellationToken token)
    {
        var connection = Interlocked.Increment(ref _connections);
        var inbox = new MqttInbox();
        int count;
        while ((count = await stream.ReadAsync(inbox.Free, token)) > 0)
        {
            inbox.Filled(count);
            while (inbox.TryNext())
            {
                var packet = new Packet(connection, inbox.Header, inbox.Body.ToArray());
                _current = stream;
                if (Reply(packet) is { } reply)
                    await stream.WriteAsync(reply, token);
                else if (packet.Header >> 4 == (int)MqttPacketType.Connect)
                    await stream.WriteAsync(Answer, token);
                else if (packet.Header >> 4 is (int)MqttPacketType.Subscribe or (int)MqttPacketType.Unsubscribe)
                    await stream.WriteAsync(new byte[] { packet.Header == 0x82 ? (byte)0x90 : (byte)0xB0, 4, packet.Body[0], packet.Body[1], 0, 1 }, token);
                _packets.Enqueue(packet);
            }

            inbox.MakeRoom();
        }
    }
}
