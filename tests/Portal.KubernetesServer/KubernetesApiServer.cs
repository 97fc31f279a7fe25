using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Tests.Shared;

namespace Portal.KubernetesServer;

/// <summary>A request that the server has seen.</summary>
public sealed record SeenRequest(string Method, string PathAndQuery, string? ContentType, string UserAgent, int Status);

/// <summary>
/// An API server of Kubernetes on a free loopback port, written from the API conventions and from recorded exchanges. It keeps
/// everything in memory, also while it is stopped.
/// </summary>
public sealed class KubernetesApiServer : IAsyncDisposable
{
    /// <summary>Token of a user of the group system:masters.</summary>
    public const string AdminToken = "admin-token";

    private readonly ServerOptions options;
    private readonly TestAuthority authority = TestAuthority.CreateRoot("Cluster CA");
    private readonly TestCertificate certificate;
    private readonly Storage storage = new();
    private readonly Access access;
    private readonly Watches watches;
    private readonly Writes writes;
    private readonly Reads reads;
    private readonly Deletes deletes;
    private readonly Discovery discovery;
    private readonly OpenApi openApi;
    private readonly ConcurrentQueue<SeenRequest> requests = new();
    private readonly int port = FreePort.Next();
    private volatile IReadOnlyList<ResourceType> types = [];
    private readonly List<Socket> mute = [];
    private WebApplication? host;
    private TcpListener? hole;

    private KubernetesApiServer(ServerOptions options)
    {
        this.options = options;
        certificate = authority.CreateServer();
        access = new Access(storage, options.Time, authority.Certificate);
        watches = new Watches(storage, options.Time, options);
        writes = new Writes(storage, access, options.Time);
        reads = new Reads(storage, options.Time, options);
        deletes = new Deletes(storage, options.Time);
        discovery = new Discovery(() => types);
        openApi = new OpenApi(() => types);
        SetToken(AdminToken, new ServerUser("admin", [Access.Masters]));
    }

    /// <summary>Address, for example https://127.0.0.1:21234.</summary>
    public string Address => $"{(options.UsesTls ? "https" : "http")}://127.0.0.1:{port}";

    /// <summary>Certificate of the authority that signed the server's.</summary>
    public string AuthorityPem => authority.CertificatePem;

    public Faults Faults { get; } = new();

    /// <summary>Every request so far.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. requests];

    /// <summary>How many clients watch now.</summary>
    public int WatchCount => watches.Count;

    /// <summary>The newest resourceVersion.</summary>
    public long Revision => storage.Revision;

    public static async Task<KubernetesApiServer> StartAsync(ServerOptions? options = null)
    {
        var server = new KubernetesApiServer(options ?? new ServerOptions());
        foreach (var name in server.options.Namespaces)
            server.Seed(ResourceTypes.BuiltIn.First(type => type.Plural == "namespaces"), null, new JsonObject
            {
                ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = name } },
                ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
                ["status"] = new JsonObject { ["phase"] = "Active" },
            });
        server.Install(server.options.HasDefinitions ? ResourceTypes.Definitions(server.options.Prunes) : []);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts on the same port, with everything that was kept.</summary>
    public async Task StartAgainAsync()
    {
        hole?.Stop();
        hole = null;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromMilliseconds(1));
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (options.UsesTls)
                listen.UseHttps(certificate.Certificate, https =>
                {
                    https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                    https.AllowAnyClientCertificate();
                });
        }));
        host = builder.Build();
        host.Run(HandleAsync);
        await host.StartAsync();
    }

    /// <summary>Stops listening and cuts every connection.</summary>
    public async Task StopAsync()
    {
        watches.Cut();
        if (host is not null)
            await host.DisposeAsync();
        host = null;
    }

    /// <summary>Stops, and takes connections without a word from then on, as behind a firewall that drops everything. Those stay open.</summary>
    public async Task FallSilentAsync()
    {
        await StopAsync();
        hole = new TcpListener(IPAddress.Loopback, port);
        hole.Start();
        _ = TakeAsync(hole);

        async Task TakeAsync(TcpListener listener)
        {
            try
            {
                while (true)
                    mute.Add(await listener.AcceptSocketAsync());
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It was stopped.
            }
        }
    }

    /// <summary>Makes a token stand for a user, until it expires or is revoked.</summary>
    public void SetToken(string token, ServerUser user) => access.Tokens[token] = user;

    public void RevokeToken(string token) => access.Tokens.TryRemove(token, out _);

    /// <summary>Forgets old versions: watches and lists that go on from them get 410.</summary>
    public void Compact() => storage.Compact();

    /// <summary>Cuts the connections of all watches.</summary>
    public void CutWatches() => watches.Cut();

    /// <summary>Sends a bookmark to the watches that allow them.</summary>
    public void SendBookmarks() => watches.Bookmark();

    /// <summary>Installs our CustomResourceDefinitions, or others in place of them.</summary>
    public void InstallDefinitions(bool prunes = false) => Install(ResourceTypes.Definitions(prunes));

    /// <summary>Removes our CustomResourceDefinitions: their paths lead nowhere.</summary>
    public void RemoveDefinitions() => Install([]);

    /// <summary>A certificate of the cluster's authority that stands for a user, as PEM with its key.</summary>
    public TestCertificate CreateClient(ServerUser user)
    {
        access.Certificates[user.Name] = user;
        return authority.CreateClient(user.Name);
    }

    /// <summary>A kubeconfig with one context, <c>test</c>.</summary>
    public string Kubeconfig(string? token = AdminToken, string? tokenFile = null, string @namespace = "azure-iot-operations", string? user = null) => $"""
        apiVersion: v1
        kind: Config
        current-context: test
        clusters:
        - name: test
          cluster:
            server: {Address}
        {(options.UsesTls ? $"    certificate-authority-data: {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(AuthorityPem))}\n" : "")}contexts:
        - name: test
          context:
            cluster: test
            user: test
            namespace: {@namespace}
        users:
        - name: test
          user:
            {user ?? (tokenFile is null ? $"token: {token}" : $"tokenFile: {tokenFile}")}

        """;

    public async ValueTask DisposeAsync()
    {
        Faults.Clear();
        hole?.Stop();
        await StopAsync();
        foreach (var socket in mute)
            socket.Dispose();
        certificate.Dispose();
        authority.Dispose();
    }

    private void Install(IReadOnlyList<JsonObject> definitions)
    {
        var crd = ResourceTypes.BuiltIn.First(type => type.Plural == "customresourcedefinitions");
        foreach (var (key, there) in storage.List(Storage.Prefix(crd)).Items)
            storage.Write(key, there["metadata"].At("resourceVersion"), null);
        foreach (var definition in definitions)
        {
            definition["status"] = new JsonObject { ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Established", ["status"] = "True", ["reason"] = "InitialNamesAccepted" }) };
            Seed(crd, null, definition);
        }
        types = [.. ResourceTypes.BuiltIn, .. definitions.Select(ResourceTypes.Read)];
    }

    private void Seed(ResourceType type, string? @namespace, JsonObject document)
    {
        var metadata = document["metadata"]!.AsObject();
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = options.Time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        storage.Write(Storage.Key(type, @namespace, metadata.At("name")!), null, document);
    }

    private async Task HandleAsync(HttpContext http)
    {
        try
        {
            await Faults.InvokeAsync(http, () => AnswerAsync(http));
        }
        finally
        {
            requests.Enqueue(new SeenRequest(http.Request.Method, http.Request.Path + http.Request.QueryString, http.Request.ContentType, http.Request.Headers.UserAgent.ToString(), http.Response.StatusCode));
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        try
        {
            await RouteAsync(http, access.Authenticate(http));
        }
        catch (ApiFault fault) when (!http.Response.HasStarted)
        {
            await Answers.FaultAsync(http, fault);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            // A fault of this server itself: said aloud, so that a test does not take it for an answer of Kubernetes.
            await Answers.TextAsync(http, 500, exception.ToString());
        }
    }

    private async Task RouteAsync(HttpContext http, string user)
    {
        var path = http.Request.Path.Value!;
        if (ApiRequest.Of(http, user) is not { } request)
        {
            access.DemandPath(user, path);
            if (path is "/readyz" or "/healthz" or "/livez")
                await Answers.TextAsync(http, 200, "ok");
            else if (!await discovery.TryAnswerAsync(http) && !await openApi.TryAnswerAsync(http))
                throw ApiFault.NoSuchPath;
            return;
        }
        access.Demand(request);
        if (request is { Verb: "create", Name: null } && request.Plural.StartsWith("selfsubject", StringComparison.Ordinal))
        {
            await ReviewAsync(request);
            return;
        }
        request.Type = types.FirstOrDefault(type => type.Group == request.Group && type.Plural == request.Plural && type.Versions.Contains(request.Version)) ?? throw ApiFault.NoSuchPath;
        switch (request.Verb)
        {
            case "get":
                await reads.GetAsync(request);
                break;
            case "list":
                await reads.ListAsync(request);
                break;
            case "watch":
                await watches.WatchAsync(request);
                break;
            case "delete":
                await Answers.JsonAsync(http, 200, await deletes.DeleteAsync(request));
                break;
            case "deletecollection":
                await Answers.JsonAsync(http, 200, await deletes.DeleteCollectionAsync(request));
                break;
            default:
                var (code, document) = await (request.Verb switch { "create" => writes.CreateAsync(request), "update" => writes.ReplaceAsync(request), _ => writes.PatchAsync(request) });
                await Answers.JsonAsync(http, code, document);
                break;
        }
    }

    private async Task ReviewAsync(ApiRequest request)
    {
        if (request.Http.Request.ContentType?.Contains("protobuf", StringComparison.Ordinal) is true)
            throw ApiFault.MediaType("application/json");
        JsonObject review;
        try
        {
            review = Json.Parse(await request.BodyAsync(), []) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            throw ApiFault.BadRequest("the body is no JSON");
        }
        await Answers.JsonAsync(request.Http, 201, request.Plural switch
        {
            "selfsubjectaccessreviews" => access.Review(request.User, request.Manager, review),
            "selfsubjectrulesreviews" => access.Rules(request.User, review),
            "selfsubjectreviews" => access.WhoAmI(request.User),
            _ => throw ApiFault.NoSuchPath,
        });
    }
}
