using System.Collections.Concurrent;
using System.Text;
using Portal.Messaging.Identity;
using Portal.Messaging.Mqtt.Session;
using Portal.Messaging.Tests.Support;
using Portal.Messaging.Tests.Support.Kafka;
using Portal.Model.Endpoints;
using Portal.Sandbox.Kafka;
using Portal.Tests.Shared;

namespace Portal.Messaging.Tests.Flows;

/// <summary>A dataflow whose both sides sign in with a managed identity, over the end of its tokens.</summary>
public sealed class ManagedIdentityFlowTests
{
    private const string MqttAudience = $"https://{IdentityEndpoint.ShortLived}.mqtt.example";
    private const string KafkaAudience = $"https://{IdentityEndpoint.ShortLived}.kafka.example";

    /// <summary>Each side holds its connection by signing in again on it with a new token; every number arrives once.</summary>
    [Fact]
    public async Task Tokens_are_renewed_on_both_sides_while_messages_go_on()
    {
        IdentityEndpoint.EnsureStarted();
        var signIns = new ConcurrentQueue<string>();
        await using var broker = new ScriptedBroker();
        using var cluster = MockKafkaCluster.Start();
        cluster.CreateTopic("plant");
        await using var gateway = KafkaGateway.Start(cluster, new GatewayOptions
        {
            Mechanisms = ["OAUTHBEARER"],
            // A little more than the client needs to have its next token.
            SessionLifetime = TimeSpan.FromSeconds(6.5),
            SignIn = (_, message) =>
            {
                signIns.Enqueue(Encoding.UTF8.GetString(message).Split("auth=Bearer ")[1].Split('\u0001')[0]);
                return null;
            },
        });
        await using var host = await FlowHost.StartAsync();
        var source = Endpoints.Mqtt(broker.Port).With((MqttSettings settings) => settings with { Authentication = new Authentication.SystemAssignedManagedIdentity(MqttAudience) });
        var destination = ProbeFixture.Kafka($"127.0.0.1:{gateway.Port}", authentication: new Authentication.SystemAssignedManagedIdentity(KafkaAudience));
        await host.RunAsync(source, "line3/#", destination, "plant");
        var connect = Encoding.Latin1.GetString(broker.Of(1, MqttPacketType.Connect).Single().Body);
        Assert.Contains("OAUTH2-JWT", connect, StringComparison.Ordinal);
        var connections = gateway.Count;
        var first = signIns.ToHashSet();
        ushort sent = 0;
        var isAnswered = false;
        // Messages go on until both sides have signed in again with another token, and some more.
        await Wait.UntilAsync(
            async () =>
            {
                sent++;
                await broker.PublishAsync("line3/press", Endpoints.Text(sent - 1), sent);
                await host.WaitForDeliveredAsync(sent);
                if (!isAnswered && broker.Of(1, MqttPacketType.Auth).Any())
                {
                    isAnswered = true;
                    await broker.SendAsync(0xF0, 0);
                }

                return broker.Of(1, MqttPacketType.Auth).Any() && signIns.Any(token => !first.Contains(token));
            },
            "both sides have renewed their sign-in", FlowHost.Limit, () => $"{host.Describe()}, {broker.Of(1, MqttPacketType.Auth).Count()} renewals at MQTT, {signIns.Count} sign-ins at Kafka");
        await broker.PublishAsync("line3/press", Endpoints.Text(sent), ++sent);
        await host.WaitForDeliveredAsync(sent);
        var renewal = broker.Of(1, MqttPacketType.Auth).First().Body;
        Assert.Equal(0x19, renewal[0]);
        Assert.DoesNotContain(TokenIn(connect), Encoding.Latin1.GetString(renewal), StringComparison.Ordinal);
        Assert.Contains(MqttAudience, JsonWebToken.Read(TokenIn(Encoding.Latin1.GetString(renewal)))!.Audiences.Single(), StringComparison.Ordinal);
        Assert.All(signIns, token => Assert.Contains(KafkaAudience, JsonWebToken.Read(token)!.Audiences.Single(), StringComparison.Ordinal));
        Assert.Equal((1, connections, 0L), (broker.Connections, gateway.Count, host.Status.Reconnects));
        Assert.Empty(host.Status.LastErrors);
        Assert.Equal(Enumerable.Range(0, sent).Select(Endpoints.Text), await Endpoints.ConsumeAsync(cluster, "plant"));
        Assert.All(signIns, token => Assert.DoesNotContain(token, host.Parts.Log, StringComparison.Ordinal));
    }

    private static string TokenIn(string packet)
    {
        const string Signature = ".c2lnbmF0dXJl";
        return packet[packet.IndexOf("eyJ", StringComparison.Ordinal)..(packet.IndexOf(Signature, StringComparison.Ordinal) + Signature.Length)];
    }
}
