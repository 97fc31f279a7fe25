using Portal.Messaging.Connections;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>Keeps a session alive: PINGREQ when one of both sides is silent, and an end when the broker answers none.</summary>
internal sealed class MqttKeepAlive(MqttSession session, TimeProvider time)
{
    private static readonly TimeSpan _period = TimeSpan.FromMilliseconds(250);
    private const double PingAfter = 0.5;
    private const double SilentAfter = 1.5;

    private long _lookedAt;
    private long _heardAt;
    private long _pingedAt;
    private TimeSpan _silence;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _lookedAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(_period, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            if (session.IsSignedIn)
                Look(TimeSpan.FromSeconds(session.Answer.ServerKeepAlive ?? session.Settings.KeepAliveSeconds));
        }
    }

    private void Look(TimeSpan keepAlive)
    {
        if (keepAlive == TimeSpan.Zero)
            return;
        // While this process did not run it heard nothing either: that is not the broker's silence.
        var passed = time.GetElapsedTime(_lookedAt);
        _lookedAt = time.GetTimestamp();
        var hasHeard = session.IsHeldBack || session.LastHeard != _heardAt;
        _heardAt = session.LastHeard;
        _silence = hasHeard ? TimeSpan.Zero : _silence + (passed < _period * 2 ? passed : _period * 2);
        var isDue = time.GetElapsedTime(session.LastWrite) >= keepAlive * PingAfter || _silence >= keepAlive * PingAfter;
        if (isDue && time.GetElapsedTime(_pingedAt) >= keepAlive * PingAfter)
        {
            _pingedAt = time.GetTimestamp();
            session.Ping();
        }

        if (_silence > keepAlive * SilentAfter)
            throw new ConnectionException(MqttDisconnects.Silent(keepAlive));
    }
}
