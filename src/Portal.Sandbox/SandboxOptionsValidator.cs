using System.Net;
using Microsoft.Extensions.Options;

namespace Portal.Sandbox;

/// <summary>Stops the start on a bad value and says which key, what it is and what is allowed.</summary>
internal sealed class SandboxOptionsValidator : IValidateOptions<SandboxOptions>
{
    public ValidateOptionsResult Validate(string? name, SandboxOptions options)
    {
        var problems = new List<string>();
        CheckPort(nameof(options.TlsPort), options.TlsPort, SandboxOptions.DefaultTlsPort);
        CheckPort(nameof(options.PlainPort), options.PlainPort, SandboxOptions.DefaultPlainPort);
        if (options.TlsPort != 0 && options.TlsPort == options.PlainPort)
            problems.Add($"Portal:Sandbox:TlsPort and Portal:Sandbox:PlainPort are both {options.TlsPort}. Give each listener a port of its own, for example {SandboxOptions.DefaultTlsPort} and {SandboxOptions.DefaultPlainPort}.");
        if (string.IsNullOrWhiteSpace(options.Directory))
            problems.Add("The sandbox has no folder. Set Portal:DataDirectory, for example to /data.");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void CheckPort(string key, int port, int example)
        {
            if (port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
                problems.Add($"Portal:Sandbox:{key} is {port}. Allowed are 0 (any free port) to {IPEndPoint.MaxPort}, for example {example}.");
        }
    }
}
