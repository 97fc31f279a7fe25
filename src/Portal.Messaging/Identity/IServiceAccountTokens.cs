namespace Portal.Messaging.Identity;

/// <summary>Finds the file with the service account token of an audience. The file is read again for every sign-in.</summary>
public interface IServiceAccountTokens
{
    /// <summary>Path of the token file; null when there is none for the audience, with the reason in words.</summary>
    (string? Path, string? Reason) FileFor(string audience);
}
