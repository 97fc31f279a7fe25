using System.Globalization;
using Azure.Core;
using Azure.Core.Pipeline;

namespace Portal.Stores.AzureResourceManager;

/// <summary>
/// Repeats what may be repeated blindly: reads, and what was throttled. A write whose answer was lost is not repeated here:
/// it may be done already, so the store looks first.
/// </summary>
internal sealed class ArmRetryPolicy(int retries, DelayStrategy delays) : RetryPolicy(retries, delays)
{
    /// <summary>Property of a message: the <see cref="ArmChange"/> that it is part of, which is told of waits.</summary>
    public const string Change = "portal-change";

    /// <summary>Longest wait that is still made; a person waits at the other end.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => MayRetry(message) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception)
    {
        if (!MayRetry(message) || !await base.ShouldRetryAsync(message, exception).ConfigureAwait(false))
            return false;
        if (message.HasResponse && RetryAfter(message.Response) is { } wait && message.TryGetProperty(Change, out var change))
            ((ArmChange)change!).Pause(wait);
        return true;
    }

    private static bool MayRetry(HttpMessage message)
    {
        var status = message.HasResponse ? message.Response.Status : 0;
        if (message.Request.Method != RequestMethod.Get && status != 429)
            return false;
        return status == 0 || RetryAfter(message.Response) is not { } wait || wait <= LongestWait;
    }

    /// <summary>Seconds that the service asks to wait; the form with a date is not used by Azure Resource Manager.</summary>
    public static TimeSpan? RetryAfter(Azure.Response response) =>
        response.Headers.TryGetValue("Retry-After", out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : null;
}

/// <summary>
/// Signs requests, and asks once for a new token when the service refuses one that this machine believes in:
/// it was revoked, or the clocks differ.
/// </summary>
internal sealed class ArmSignInPolicy : BearerTokenAuthenticationPolicy
{
    private readonly string scope;

    public ArmSignInPolicy(TokenCredential credential, string scope)
        : base(credential, scope)
        => this.scope = scope;

    protected override async ValueTask<bool> AuthorizeRequestOnChallengeAsync(HttpMessage message)
    {
        if (await base.AuthorizeRequestOnChallengeAsync(message).ConfigureAwait(false))
            return true;
        // Claims make every credential leave its cache; the moment is that of the service's clock.
        if (message.Response.Headers.Date is not { } now)
            return false;
        var claims = string.Create(CultureInfo.InvariantCulture, $$$$"""{"access_token":{"nbf":{"essential":true,"value":"{{{{now.ToUnixTimeSeconds()}}}}"}}}""");
        await AuthenticateAndAuthorizeRequestAsync(message, new TokenRequestContext([scope], message.Request.ClientRequestId, claims)).ConfigureAwait(false);
        return true;
    }
}
