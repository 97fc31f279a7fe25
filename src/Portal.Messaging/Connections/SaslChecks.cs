using Portal.Model.Endpoints;

namespace Portal.Messaging.Connections;

/// <summary>Mistakes with SASL user names and passwords that can be seen before anything is sent.</summary>
internal static class SaslChecks
{
    private const string ConnectionStringUser = "$ConnectionString";

    public static void Check(SecretEntries entries, Authentication.Sasl sasl, BrokerSettings settings, List<Problem> problems)
    {
        var user = entries.Text("username")?.Trim() ?? "";
        var password = entries.Text("password")?.Trim() ?? "";
        if (LooksLikeConnectionString(user))
        {
            problems.Add(new Problem(
                "connection-string-as-username", "The user name is a connection string.",
                $"Store {ConnectionStringUser} (exactly so) under username and the connection string under password.")
            { Summary = "The user name is a connection string" });
            return;
        }
        if (!user.Equals(ConnectionStringUser, StringComparison.OrdinalIgnoreCase))
        {
            if (LooksLikeConnectionString(password))
                problems.Add(Problem.Warning(
                    "connection-string-user", $"The password is a connection string, but the user name is not {ConnectionStringUser}.", $"Store {ConnectionStringUser} (exactly so) under username."));
            return;
        }
        if (user != ConnectionStringUser)
            problems.Add(Problem.Warning("connection-string-user", $"The user name must be written {ConnectionStringUser}, with these capitals.", $"Store {ConnectionStringUser} under username."));
        CheckConnectionString(password, sasl, settings, problems);
    }

    private static void CheckConnectionString(string password, Authentication.Sasl sasl, BrokerSettings settings, List<Problem> problems)
    {
        if (password.Length == 0)
            return;
        if (!LooksLikeConnectionString(password))
        {
            problems.Add(new Problem(
                "connection-string-malformed", $"With the user name {ConnectionStringUser} the password must be a connection string, and it is none.",
                "Store the connection string of the namespace: Endpoint=sb://my-namespace.servicebus.windows.net/;SharedAccessKeyName=...;SharedAccessKey=...")
            { Summary = "The password is not a connection string" });
            return;
        }
        var parts = password.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!parts.Any(part => part.StartsWith("SharedAccessKey=", StringComparison.OrdinalIgnoreCase) || part.StartsWith("SharedAccessSignature=", StringComparison.OrdinalIgnoreCase)))
        {
            problems.Add(new Problem(
                "connection-string-malformed", "The connection string holds no SharedAccessKey.",
                "Copy the whole connection string of a shared access policy: Endpoint=...;SharedAccessKeyName=...;SharedAccessKey=...")
            { Summary = "The connection string is incomplete" });
        }
        if (parts.Any(part => part.StartsWith("EntityPath=", StringComparison.OrdinalIgnoreCase)))
        {
            problems.Add(Problem.Warning(
                "connection-string-entity-path", "The connection string holds an EntityPath: it is good for that one event hub only, other topics are refused.",
                "Use the connection string of the namespace unless the endpoint is for that event hub alone.") with
            { Summary = "The connection string is for one event hub only" });
        }
        if (sasl.SaslType is not SaslType.Plain)
            problems.Add(Problem.Warning("connection-string-mechanism", "A connection string is for the mechanism PLAIN.", "Choose the SASL type Plain."));
        if (HostOf(parts) is { } host && HostAddress.TryParse(settings.Host, out var address) && !host.Equals(address.Host, StringComparison.OrdinalIgnoreCase))
            problems.Add(Problem.Warning(
                "connection-string-other-namespace", $"The connection string is for {host}, the endpoint's host is {address.Host}.", "Use the connection string of the namespace that the host names."));
    }

    private static string? HostOf(string[] parts) =>
        parts.FirstOrDefault(part => part.StartsWith("Endpoint=", StringComparison.OrdinalIgnoreCase)) is { } endpoint
        && Uri.TryCreate(endpoint["Endpoint=".Length..], UriKind.Absolute, out var address) ? address.Host : null;

    private static bool LooksLikeConnectionString(string text) =>
        text.StartsWith("Endpoint=", StringComparison.OrdinalIgnoreCase) || text.Contains("SharedAccessKey", StringComparison.OrdinalIgnoreCase);
}
