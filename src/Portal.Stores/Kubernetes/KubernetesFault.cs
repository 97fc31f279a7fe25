using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;
using Portal.Model.Ports;
using Portal.Model.Validation;

namespace Portal.Stores.Kubernetes;

/// <summary>A request that the API server refused or did not answer, in the portal's words.</summary>
internal sealed partial class KubernetesFault : Exception
{
    private KubernetesFault(int code, string cause, string message, string fix, Exception? inner)
        : base(message, inner) => (Code, Cause, Fix) = (code, cause, fix);

    /// <summary>HTTP status; 0 = no answer.</summary>
    public int Code { get; }

    /// <summary>Stable code for <see cref="TargetState.Cause"/>.</summary>
    public string Cause { get; }

    public string Fix { get; }

    /// <summary>The Status of the API server; null when it gave none.</summary>
    public JsonObject? Status { get; private init; }

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    public string? Reason => Text(Status?["reason"]);

    public IEnumerable<(string Reason, string Field, string Message)> Causes
        => (Status?["details"]?["causes"] as JsonArray ?? []).Select(cause => (Text(cause?["reason"]) ?? "", Text(cause?["field"]) ?? "", Text(cause?["message"]) ?? ""));

    /// <summary>True when the same request may work in a moment: too many requests, or a fault of the server or of the way to it.</summary>
    public bool IsPassing => (Code is 0 && !IsOurs) || Code is 429 or 502 or 503 or 504 || (Code == 500 && Reason is "InternalError");

    /// <summary>True when the server said nothing for as long as a request may take: another try would take as long.</summary>
    public bool IsTimeout => InnerException is OperationCanceledException or TimeoutException;

    /// <summary>True when the server or the way to it does not work at all; one that asks to slow down or fails at one request is there.</summary>
    public bool IsGone => (Code is 0 && !IsOurs) || Code is 502 or 503 or 504;

    /// <summary>True when nothing was asked of the server yet: what is needed to ask it is not there, and is looked for again later.</summary>
    public bool IsOurs => Cause is "kubeconfig-unreadable" or "sign-in-failed";

    /// <summary>True when it is not known whether a write was carried out.</summary>
    public bool IsUncertain => IsPassing && Code != 429;

    public static bool Is(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        KubernetesFault or KubeConfigException or SignInException or TimeoutException or InvalidDataException or HttpOperationException or HttpRequestException or IOException or UnauthorizedAccessException or SocketException or AuthenticationException or KubernetesException or JsonException => true,
        // The time limit of a request, not the caller.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    public static KubernetesFault Of(Exception exception, string? host) => exception switch
    {
        KubernetesFault fault => fault,
        SignInException failure => new(0, "sign-in-failed", failure.Message, failure.Fix, exception),
        HttpOperationException { Response: { } response } => OfAnswer((int)response.StatusCode, response.Content, Wait(response), exception),
        KubernetesException { Status: { } status } => OfAnswer(status.Code ?? 500, KubernetesJson.Serialize(status), null, exception),
        KubeConfigException or InvalidDataException or UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException => new(
            0, "kubeconfig-unreadable", $"The kubeconfig or a file that it names cannot be read{(exception is InvalidDataException or IOException ? ": " + exception.Message : ".")}", "Restore the file; 'kubectl config view' shows whether it is whole.", exception),
        HttpRequestException { InnerException: AuthenticationException } or AuthenticationException => new(
            0, "tls-refused", $"The certificate of the API server {host} is not trusted.", "Check the certificate authority of the cluster in the kubeconfig.", exception),
        OperationCanceledException or TimeoutException => new(0, "unreachable", $"The API server {host} does not answer in time.", "Check that the cluster is up and that nothing between here and there holds connections back.", exception),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(
            0, "unreachable", $"The name of the API server {host} is not known here.", "Check the address in the kubeconfig, and the VPN or DNS that leads to the cluster.", exception),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new(
            0, "unreachable", $"The API server {host} cannot be reached.", "Check that the cluster is up, and that this machine may reach it.", exception),
        _ => new(0, "unreachable", $"The connection to the API server {host} was cut.", "The portal tries again by itself; check the network when it goes on.", exception),
    };

    /// <summary>A failure of the portal itself.</summary>
    public static KubernetesFault OfPortal(Exception exception) => new(
        0, "portal-fault", "The portal failed while it read the cluster; what is shown may be old.", "The portal tries again by itself. Its log says what happened: report that.", exception);

    /// <summary>As the outcome of a change.</summary>
    public StoreResult ToResult() => Code switch
    {
        401 or 403 or 404 or 405 => new StoreResult.Denied(Message, Fix),
        400 or 413 or 415 or 422 => new StoreResult.Invalid(Findings()),
        500 when !IsPassing => new StoreResult.Invalid(Findings()),
        _ => new StoreResult.Unavailable(Message, Fix),
    };

    private IReadOnlyList<Finding> Findings()
    {
        var findings = Causes.Select(cause => Finding.Error("cluster-refused", cause.Field, $"The cluster refuses {cause.Field}: {cause.Message}.", "Change the value to one that the cluster's definition of the resource allows.")).ToList();
        if (findings.Count > 0)
            return findings;
        // An apply names the member in its text alone: "failed to create typed patch object (...): .spec.x: field not declared in schema".
        var path = TypedPatch().Match(Message) is { Success: true } match ? match.Groups[1].Value : "";
        return [Finding.Error("cluster-refused", path, Message, Fix)];
    }

    [GeneratedRegex(@"typed patch object .*: \.([\w.\[\]]+): ")]
    private static partial Regex TypedPatch();

    private static KubernetesFault OfAnswer(int code, string? body, TimeSpan? wait, Exception exception)
    {
        var status = Parse(body);
        var said = Text(status?["message"]) is { Length: > 0 } text ? text : string.Create(CultureInfo.InvariantCulture, $"status {code}");
        var (cause, message, fix) = code switch
        {
            401 => ("token-refused", "The API server refuses the sign-in: the token is not known or has expired.", "Sign in to the cluster again (for example 'az aks get-credentials' or 'kubectl get pods'), or renew the token file; the portal takes it up by itself."),
            403 => ("rights-missing", $"The cluster refuses: {said}.", "Let an administrator grant the right; the target's state shows the Role."),
            404 when status is null => ("definitions-missing", "The cluster does not know dataflow endpoints, dataflows and dataflow profiles.", "Install Azure IoT Operations, or the definitions of this portal with 'kubectl apply -k deploy/overlays/crds'."),
            404 => ("not-found", $"The cluster says: {said}.", "Check that the namespace is there."),
            429 => ("throttled", "The API server asks to slow down.", "Wait a moment; the portal tries again by itself."),
            500 when said.Contains("typed patch", StringComparison.Ordinal) => ("refused", $"The cluster refuses: {said}.", "Remove the member, or write a value of the type that the cluster's definition wants."),
            >= 500 => ("server-fault", $"The API server has a fault: {said}.", "The portal tries again by itself; look at the API server when it goes on."),
            _ => ("refused", $"The cluster refuses: {said}.", "Change the document as the message says."),
        };
        return new KubernetesFault(code, cause, message, fix, exception) { Status = status, RetryAfter = wait };
    }

    private static TimeSpan? Wait(HttpResponseMessageWrapper response)
        => response.Headers.TryGetValue("Retry-After", out var values) && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds) : null;

    private static JsonObject? Parse(string? body)
    {
        try
        {
            return body is not null && body.StartsWith('{') ? JsonNode.Parse(body) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
