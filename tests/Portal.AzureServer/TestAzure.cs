using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tests.Shared;

namespace Portal.AzureServer;

/// <summary>
/// Azure Resource Manager and Key Vault on one free loopback port, under their real host names: a client is given
/// <see cref="CreateHandler"/>, which dials this server whatever the name and trusts its certificate alone.
/// Written from the resource provider's published schema and the rules of ARM and Key Vault, not from a client.
/// </summary>
public sealed class TestAzure : IAsyncDisposable
{
    public const string ManagementHost = "management.azure.com";
    public const string VaultSuffix = ".vault.azure.net";

    private readonly TestAuthority authority = TestAuthority.CreateRoot();
    private readonly TestCertificate certificate;
    private readonly WebApplication app;
    private readonly ArmEndpoint arm;
    private readonly VaultEndpoint vaults;

    private TestAzure()
    {
        certificate = authority.CreateServer(names: [ManagementHost, "*" + VaultSuffix]);
        Tokens = new ServerTokens();
        arm = new ArmEndpoint(this);
        vaults = new VaultEndpoint(this);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(certificate.Certificate)));
        app = builder.Build();
        app.Run(HandleAsync);
    }

    /// <summary>Who may ask for what, until when.</summary>
    public ServerTokens Tokens { get; }

    /// <summary>Resources and operations of Azure Resource Manager.</summary>
    public ArmState Arm { get; } = new();

    /// <summary>Secrets of the key vaults.</summary>
    public VaultState Vaults { get; } = new();

    /// <summary>What goes wrong, by method and path.</summary>
    public ServerFaults Faults { get; } = new();

    /// <summary>Everything that was asked, in the order of the answers.</summary>
    public RequestLog Log { get; } = new();

    public int Port => new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public static async Task<TestAzure> StartAsync()
    {
        var server = new TestAzure();
        await server.app.StartAsync();
        return server;
    }

    /// <summary>Dials this server for every host name and trusts its certificate alone.</summary>
    public HttpMessageHandler CreateHandler()
    {
        var expected = certificate.Certificate.GetCertHashString(HashAlgorithmName.SHA256);
        return new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await socket.ConnectAsync(IPAddress.Loopback, Port, cancellationToken);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == expected,
            },
        };
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(new CancellationToken(true));
        await app.DisposeAsync();
        certificate.Dispose();
        authority.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var call = await ServerCall.ReadAsync(context);
        var fault = Faults.Take(call);
        if (fault is ServerFault.After after)
            after.Meanwhile();
        if (fault is ServerFault.CutBefore before)
        {
            before.Meanwhile?.Invoke();
            Log.Add(call, null);
            context.Abort();
            return;
        }
        var answer = fault is ServerFault.Answer given ? given.Reply : Answer(call);
        context.Response.Headers.Date = Tokens.Now().ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        Log.Add(call, answer.Status);
        if (fault is ServerFault.CutAfter)
            context.Abort();
        else if (fault is ServerFault.Hang)
            await context.RequestAborted.AsTask();
        else
            await answer.WriteAsync(context);
    }

    private Reply Answer(ServerCall call) =>
        call.Host.Equals(ManagementHost, StringComparison.OrdinalIgnoreCase) ? arm.Answer(call)
        : call.Host.EndsWith(VaultSuffix, StringComparison.OrdinalIgnoreCase) ? vaults.Answer(call)
        : new Reply(404);
}
