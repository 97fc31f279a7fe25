using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Stores.AzureResourceManager;

/// <summary>An error as Azure Resource Manager and Key Vault give it: code, message, target and details.</summary>
/// <param name="Status">HTTP status; 0 when there was no answer.</param>
/// <param name="Code">Code of the service.</param>
/// <param name="Message">Its words, on one line.</param>
/// <param name="Target">The member or resource that is meant; null when it does not say.</param>
/// <param name="Details">What is wrong in detail.</param>
internal sealed record ArmError(int Status, string Code, string Message, string? Target, IReadOnlyList<ArmError> Details)
{
    /// <summary>Code of a sign-in that gave no token.</summary>
    public const string SignIn = "SignIn";

    /// <summary>Code of an answer that never came.</summary>
    public const string NoAnswer = "NoAnswer";

    /// <summary>Code of an operation that somebody cancelled in Azure.</summary>
    public const string Canceled = "OperationCanceled";

    /// <summary>Code of an operation that is not waited for any longer.</summary>
    public const string GoesOn = "OperationGoesOn";

    /// <summary>Nobody knows whether what was asked is done: the answer was lost, or the service failed on the way.</summary>
    public bool IsUncertain => Code is NoAnswer || Status is 408 or >= 500;

    /// <summary>The same question may be answered a moment later.</summary>
    public bool IsTransient => IsUncertain || Status is 429;

    /// <summary>Seconds that the service asks to wait; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>How far this machine's clock is behind the service's; zero when it is not known.</summary>
    public TimeSpan ClockBehind { get; init; }

    public static ArmError Of(int status, JsonObject? body) => body?["error"] is JsonObject error
        ? Of(status, error, 0)
        : new ArmError(status, $"Http{status}", $"The service answered with the status {status}.", null, []);

    /// <summary>Reads one error object.</summary>
    public static ArmError OfError(int status, JsonObject error) => Of(status, error, 0);

    public static ArmError Without(string code, string message) => new(0, code, message, null, []);

    /// <summary>The error and everything below it.</summary>
    public IEnumerable<ArmError> All => Details.SelectMany(detail => detail.All).Prepend(this);

    private static ArmError Of(int status, JsonObject error, int depth)
    {
        var inner = Text((error["innererror"] as JsonObject)?["code"]);
        var details = depth < 5 && error["details"] is JsonArray list ? list.OfType<JsonObject>().Select(detail => Of(status, detail, depth + 1)) : [];
        return new ArmError(status, inner ?? Text(error["code"]) ?? $"Http{status}", OneLine(Text(error["message"]) ?? ""), Text(error["target"]), [.. details]);
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String && node.GetValue<string>() is { Length: > 0 } text ? text : null;

    private static string OneLine(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > 1000 ? line[..1000] + "…" : line;
    }
}

/// <summary>Azure said no, or nothing.</summary>
internal sealed class ArmException(ArmError error, Exception? inner = null) : Exception(error.Message, inner)
{
    public ArmError Error => error;
}
