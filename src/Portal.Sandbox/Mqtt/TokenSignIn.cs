using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using MQTTnet.Adapter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using Portal.Sandbox.Identity;

namespace Portal.Sandbox.Mqtt;

/// <summary>
/// Sign-in of the TLS listener: MQTT 5 enhanced authentication with a service account token, renewed with AUTH on the
/// same connection. Whoever does not renew is disconnected when the token expires.
/// </summary>
internal sealed class TokenSignIn(ServiceAccountTokenIssuer issuer, TimeProvider time, ILogger logger)
{
    public const string Method = "K8S-SAT";
    public const string Audience = "aio-internal";
    private static readonly TimeSpan _checkEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(string ClientId, EndPoint Remote), Session> _sessions = new();

    private sealed record Session(IMqttChannelAdapter Channel, DateTimeOffset Expires);

    public void Check(ValidatingConnectionEventArgs connect)
    {
        if (connect.AuthenticationMethod != Method)
        {
            var code = string.IsNullOrEmpty(connect.AuthenticationMethod)
                ? MqttConnectReasonCode.NotAuthorized
                : MqttConnectReasonCode.BadAuthenticationMethod;
            Refuse(connect, code, $"This listener wants MQTT 5 enhanced authentication with the method {Method} and a service account token for the audience {Audience}.");
            return;
        }

        var verdict = issuer.Verify(connect.AuthenticationData, Audience);
        if (verdict.Refusal is null)
            _sessions[(connect.AssignedClientIdentifier ?? connect.ClientId, connect.RemoteEndPoint)] = new Session(connect.ChannelAdapter, verdict.Expires);
        else
            Refuse(connect, MqttConnectReasonCode.NotAuthorized, verdict.Refusal);
    }

    /// <summary>Answers AUTH with reason 0x19; the server library itself knows the packet only while connecting.</summary>
    public async Task RenewAsync(MqttServer server, InterceptingPacketEventArgs inbound, MqttAuthPacket auth)
    {
        var key = (inbound.ClientId, inbound.RemoteEndPoint);
        if (!_sessions.TryGetValue(key, out var session) || auth.AuthenticationMethod != Method)
        {
            await DisconnectAsync(server, inbound.ClientId, MqttDisconnectReasonCode.ProtocolError, $"Only a connection that signed in with {Method} can renew its sign-in, by the same method.");
            return;
        }

        var verdict = issuer.Verify(auth.AuthenticationData, Audience);
        if (verdict.Refusal is not null)
        {
            Log.SignInRefused(logger, inbound.ClientId, verdict.Refusal);
            await DisconnectAsync(server, inbound.ClientId, MqttDisconnectReasonCode.NotAuthorized, verdict.Refusal);
            return;
        }

        _sessions[key] = session with { Expires = verdict.Expires };
        var answer = new MqttAuthPacket { ReasonCode = MqttAuthenticateReasonCode.Success, AuthenticationMethod = Method };
        await session.Channel.SendPacketAsync(answer, inbound.CancellationToken);
    }

    public void Forget(ClientDisconnectedEventArgs client) => _sessions.TryRemove((client.ClientId, client.RemoteEndPoint), out _);

    public async Task DisconnectExpiredAsync(MqttServer server, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(_checkEvery, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var (key, session) in _sessions.Where(session => session.Value.Expires <= time.GetUtcNow()))
            {
                if (!_sessions.TryRemove(key, out _))
                    continue;
                Log.TokenExpired(logger, key.ClientId, session.Expires);
                await DisconnectAsync(server, key.ClientId, MqttDisconnectReasonCode.NotAuthorized, "The token has expired and was not renewed in time.");
            }
        }
    }

    private void Refuse(ValidatingConnectionEventArgs connect, MqttConnectReasonCode code, string reason)
    {
        connect.ReasonCode = code;
        connect.ReasonString = reason;
        Log.SignInRefused(logger, connect.ClientId, reason);
    }

    private static async Task DisconnectAsync(MqttServer server, string clientId, MqttDisconnectReasonCode code, string reason)
    {
        try
        {
            await server.DisconnectClientAsync(clientId, new MqttServerClientDisconnectOptions { ReasonCode = code, ReasonString = reason });
        }
        catch (InvalidOperationException)
        {
            // The client left by itself in the meantime, which is what was wanted.
        }
    }
}
