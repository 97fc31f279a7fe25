using Portal.Messaging.Connections;
using Portal.Messaging.Identity;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>
/// The enhanced authentication of a session (MQTT 5, section 4.12): answers what the broker asks, and renews the sign-in
/// with a fresh token before the old one expires. A broker that refuses it ends the connection and says why.
/// </summary>
internal sealed class TokenRenewal(MqttSession session, ITokenSource tokens, BearerToken token, TimeProvider time)
{
    private const double RenewAfter = 2.0 / 3;
    private const double TryAgainAfter = 1.0 / 4;
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _leastPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _pauseWhenExpired = TimeSpan.FromSeconds(30);

    private volatile BearerToken _token = token;
    private DateTimeOffset? _renewAt;
    private int _renewed;
    private bool _isChallenged;

    /// <summary>Renewals that the broker accepted.</summary>
    public int Renewed => Volatile.Read(ref _renewed);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _renewAt = RenewalOf(_token);
        // Looked at the clock again and again: a machine that slept finds out as soon as it is awake.
        using var timer = new PeriodicTimer(_period, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (_renewAt <= time.GetUtcNow() && session.IsSignedIn)
                await RenewAsync(cancellationToken);
        }
    }

    /// <summary>AUTH from the broker: it wants the next step, or is content.</summary>
    /// <exception cref="MqttProtocolException">It is neither.</exception>
    public void Answered(MqttAuth auth)
    {
        if (auth.Method is not null && auth.Method != session.Settings.Method)
            throw new MqttProtocolException(MqttReasonCode.ProtocolError, "the authentication method changed");
        switch (auth.Reason)
        {
            case MqttReasonCode.Success:
                _isChallenged = false;
                Interlocked.Increment(ref _renewed);
                break;
            // All that our methods can say is the token; a broker that wants more than that asks in vain.
            case MqttReasonCode.ContinueAuthentication when !_isChallenged:
                _isChallenged = true;
                session.SendToken(MqttReasonCode.ContinueAuthentication, _token.Value);
                break;
            case MqttReasonCode.ContinueAuthentication:
                throw new MqttProtocolException(MqttReasonCode.BadAuthenticationMethod, "the broker asks for more than the token");
            default:
                throw new MqttProtocolException(MqttReasonCode.ProtocolError, $"AUTH comes with the reason {auth.Reason.Shown}");
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            var fresh = await tokens.GetAsync(cancellationToken);
            // The file of the token may not be renewed yet: it is looked at again in time.
            if (fresh.Value != _token.Value && (fresh.Expires is null || fresh.Expires > _token.Expires))
            {
                _token = fresh;
                _isChallenged = false;
                session.SendToken(MqttReasonCode.ReAuthenticate, fresh.Value);
                _renewAt = RenewalOf(fresh);
                return;
            }
        }
        catch (ConnectionException)
        {
            // The token at hand may hold for a while; when it does not, the broker says so and the connection shows it.
        }

        var now = time.GetUtcNow();
        var left = (_token.Expires ?? now) - now;
        var pause = left * TryAgainAfter;
        _renewAt = now + (left <= TimeSpan.Zero ? _pauseWhenExpired : pause > _leastPause ? pause : _leastPause);
    }

    private DateTimeOffset? RenewalOf(BearerToken current)
    {
        var now = time.GetUtcNow();
        return current.Expires is { } expires ? now + ((expires - now) * RenewAfter) : null;
    }
}
