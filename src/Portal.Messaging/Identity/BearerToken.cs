namespace Portal.Messaging.Identity;

/// <summary>A token for one sign-in. Its text form never shows the value.</summary>
/// <param name="Value">The token. Never logged.</param>
/// <param name="Expires">When it expires; null when it does not say.</param>
internal sealed record BearerToken(string Value, DateTimeOffset? Expires)
{
    public override string ToString() => "(token)";
}

/// <summary>Gives a fresh token for each sign-in.</summary>
internal interface ITokenSource
{
    /// <exception cref="Connections.ConnectionException">There is no token; the problem says why.</exception>
    Task<BearerToken> GetAsync(CancellationToken cancellationToken = default);
}
