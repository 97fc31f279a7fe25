using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Stores.Kubernetes;

/// <summary>A sign-in program gave no credentials.</summary>
internal sealed class SignInException(string message, string fix) : Exception(message)
{
    public string Fix { get; } = fix;
}

/// <summary>What a sign-in program gave: a token, a certificate with its key, or both.</summary>
/// <param name="Ends">When the program is to be asked again; null = when they are refused.</param>
internal sealed record SignedIn(string? Token, string? CertificatePem, string? KeyPem, DateTimeOffset? Ends);

/// <summary>
/// A program of a kubeconfig that signs in (<c>exec</c>), for example kubelogin. Nobody is there to answer its questions. What
/// it writes to the error stream is nobody's to read: it may hold what it was given.
/// </summary>
/// <param name="Command">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Variables">What is added to its environment.</param>
/// <param name="Form">Version of the form in which it answers, for example client.authentication.k8s.io/v1.</param>
internal sealed record SignInProgram(string Command, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables, string Form)
{
    private const string Try = "Run 'kubectl get pods' with this kubeconfig as the user that the portal runs as: it runs the same program and shows what it says.";

    private string Name => Path.GetFileName(Command);

    public static SignInProgram Read(JsonObject exec) => new(
        Text(exec["command"]) ?? "",
        [.. (exec["args"] as JsonArray ?? []).Select(argument => Text(argument) ?? "")],
        (exec["env"] as JsonArray ?? []).OfType<JsonObject>().Where(entry => Text(entry["name"]) is { Length: > 0 })
            .GroupBy(entry => Text(entry["name"])!).ToDictionary(group => group.Key, group => Text(group.Last()["value"]) ?? "", StringComparer.Ordinal),
        Text(exec["apiVersion"]) ?? "");

    /// <exception cref="SignInException">It is not there, fails, does not end, or gives no credentials.</exception>
    public async Task<SignedIn> RunAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var process = new Process { StartInfo = Start() };
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new SignInException($"The sign-in program '{Name}' of the kubeconfig cannot be started.", "Install it where the portal runs, or correct its path in the kubeconfig.");
        }
        using var end = new CancellationTokenSource(limit);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        string answer;
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            answer = await process.StandardOutput.ReadToEndAsync(either.Token).ConfigureAwait(false);
            await errors.ConfigureAwait(false);
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new SignInException($"The sign-in program '{Name}' of the kubeconfig did not end in {limit.TotalSeconds:0} s.", $"It may wait for somebody to sign in, which nobody can do here. {Try}");
        }
        if (process.ExitCode != 0)
            throw new SignInException($"The sign-in program '{Name}' of the kubeconfig failed with exit code {process.ExitCode}.", Try);
        return Read(answer) ?? throw new SignInException($"The sign-in program '{Name}' of the kubeconfig gave no token and no certificate in the form {Form}.", Try);
    }

    private ProcessStartInfo Start()
    {
        var start = new ProcessStartInfo(Command, Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] = new JsonObject { ["apiVersion"] = Form, ["kind"] = "ExecCredential", ["spec"] = new JsonObject { ["interactive"] = false } }.ToJsonString();
        return start;
    }

    private SignedIn? Read(string answer)
    {
        try
        {
            if (JsonNode.Parse(answer) is not JsonObject credential || Text(credential["apiVersion"]) != Form || credential["status"] is not JsonObject status)
                return null;
            var (token, certificate, key) = (Text(status["token"]), Text(status["clientCertificateData"]), Text(status["clientKeyData"]));
            if (string.IsNullOrEmpty(token) && (certificate is null || key is null))
                return null;
            return new SignedIn(token, certificate, key, DateTimeOffset.TryParse(Text(status["expirationTimestamp"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var ends) ? ends : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;
}
