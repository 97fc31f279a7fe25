using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using Portal.Messaging.Connections;
using Portal.Messaging.Identity;

namespace Portal.Messaging.Mqtt;

/// <summary>
/// Renews the sign-in of one connection before its token expires: AUTH with reason 0x19 and a fresh token (MQTT 5.0,
/// section 4.12.1). A broker that refuses it ends the connection and says why.
/// </summary>
internal sealed class TokenRenewal(ITokenSource tokens, TimeProvider time) : IMqttEnhancedAuthenticationHandler, IAsyncDisposable
{
    /// <summary>A quarter of the token's life before its end, at most so long: Kubernetes has a new one by then.</summary>
    private static readonly TimeSpan _longestLead = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan _shortestWait = TimeSpan.FromSeconds(1);
    private const int Quarter = 4;

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _renewed;

    /// <summary>Renewals that the broker accepted.</summary>
    public int Renewed => Volatile.Read(ref _renewed);

    /// <summary>Begins when the connection is signed in.</summary>
    public void Start(IMqttClient client, BearerToken first)
    {
        if (first.Expires is { } expires)
            _running = RunAsync(client, expires);
    }

    public Task HandleEnhancedAuthenticationAsync(MqttEnhancedAuthenticationEventArgs eventArgs)
    {
        if (eventArgs.ReasonCode is MqttAuthenticateReasonCode.Success)
            Interlocked.Increment(ref _renewed);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(IMqttClient client, DateTimeOffset expires)
    {
        var lead = (expires - time.GetUtcNow()) / Quarter;
        var wait = expires - time.GetUtcNow() - (lead < _longestLead ? lead : _longestLead);
        try
        {
            while (expires > time.GetUtcNow())
            {
                await Task.Delay(wait > _shortestWait ? wait : _shortestWait, time, _stop.Token);
                if (await FreshAsync(expires) is { } token)
                {
                    await client.SendEnhancedAuthenticationExchangeDataAsync(
                        new MqttEnhancedAuthenticationExchangeData { ReasonCode = MqttAuthenticateReasonCode.ReAuthenticate, AuthenticationData = Encoding.UTF8.GetBytes(token.Value) },
                        _stop.Token);
                    if (token.Expires is null)
                        return;
                    expires = token.Expires.Value;
                    lead = (expires - time.GetUtcNow()) / Quarter;
                    wait = expires - time.GetUtcNow() - (lead < _longestLead ? lead : _longestLead);
                }
                else
                {
                    wait = (expires - time.GetUtcNow()) / Quarter;
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The connection is being closed.
        }
        catch (Exception e) when (MqttConnection.IsBroken(e))
        {
            // The connection is lost, which it reports itself.
        }
    }

    /// <summary>A token that lives longer than the one in use; null while there is none.</summary>
    private async Task<BearerToken?> FreshAsync(DateTimeOffset expires)
    {
        try
        {
            var token = await tokens.GetAsync(_stop.Token);
            return token.Expires is null || token.Expires > expires ? token : null;
        }
        catch (ConnectionException)
        {
            // Tried again until the old one expires; then the broker ends the connection and the next sign-in says what is wrong.
            return null;
        }
    }
}
