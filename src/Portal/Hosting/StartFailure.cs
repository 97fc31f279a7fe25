using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Portal.Hosting;

/// <summary>Says in words why the portal cannot start; anything unforeseen keeps its stack trace.</summary>
internal static class StartFailure
{
    /// <summary>The text for the operator, null when the failure is none of those foreseen.</summary>
    public static string? Explain(Exception failure) => failure switch
    {
        BadSettingException bad => "Portal cannot start. " + bad.Message,
        OptionsValidationException options => "Portal cannot start. " + string.Join(" ", options.Failures),
        IOException { InnerException: AddressInUseException or SocketException } taken =>
            $"Portal cannot start. {taken.Message} End the program that listens there, or choose another address, for example --urls http://127.0.0.1:5081.",
        _ => null,
    };
}
