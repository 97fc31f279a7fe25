using Portal.Messaging.Connections;
using Portal.Messaging.Identity;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>Keeps a session alive: PINGREQ when it is silent, and a fresh token before the old one expires (AUTH 0x19).</summary>
internal sealed class MqttTending(MqttSession session, ITokenSource? tokens, BearerToken? token, TimeProvider time)
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _leastPause = TimeSpan.FromSeconds(1);

    private BearerToken? _token = token;
    private DateTimeOffset? _renewAt;
    private long _pingedAt;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _renewAt = RenewalOf(_token);
        using var timer = new PeriodicTimer(_period, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            KeepAlive();
            if (_renewAt <= time.GetUtcNow() && session.Answer.Reason == 0)
                await RenewAsync(cancellationToken);
        }
    }

    /// <summary>AUTH from the broker: it wants the next step, or is content.</summary>
    public void Answered(MqttAuth auth)
    {
        if (auth.Method is not null && auth.Method != session.Settings.Method)
            throw new MqttProtocolException(MqttProtocolException.Protocol, "the authentication method changed");
        if (auth.Reason is MqttAuth.Continue && _token is { } current)
            session.SendToken(MqttAuth.Continue, current.Value);
        else if (auth.Reason is not MqttAuth.Success)
            throw new MqttProtocolException(MqttProtocolException.Protocol, $"AUTH comes with the reason 0x{auth.Reason:X2}");
    }

    private void KeepAlive()
    {
        var period = TimeSpan.FromSeconds(session.Answer.ServerKeepAlive ?? session.Settings.KeepAliveSeconds);
        if (period == TimeSpan.Zero)
            return;
        if (time.GetElapsedTime(session.LastWrite) >= period * 0.5 && time.GetElapsedTime(_pingedAt) >= period * 0.5)
        {
            _pingedAt = time.GetTimestamp();
            session.Ping();
        }

        if (!session.IsHeldBack && time.GetElapsedTime(session.LastHeard) > period * 1.5)
            throw new MqttEndedException(MqttDisconnects.Silent(period));
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var fresh = await tokens!.GetAsync(cancellationToken);
            // The file of the token may not be renewed yet: it is looked at again in time.
            if (fresh.Value != _token?.Value)
            {
                _token = fresh;
                session.SendToken(MqttAuth.ReAuthenticate, fresh.Value);
                _renewAt = RenewalOf(fresh);
                return;
            }
        }
        catch (ConnectionException)
        {
            // The token at hand may hold for a while; when it does not, the broker says so and the flow shows it.
        }

        var pause = ((_token?.Expires ?? time.GetUtcNow()) - time.GetUtcNow()) / 4;
        _renewAt = time.GetUtcNow() + (pause > _leastPause ? pause : _leastPause);
    }

    // After two thirds of what is left of its life.
    private DateTimeOffset? RenewalOf(BearerToken? current)
    {
        if (tokens is null || current?.Expires is not { } expires)
            return null;
        var now = time.GetUtcNow();
        return now + ((expires - now) * 2 / 3);
    }
}
