using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Azure.ResourceManager;

namespace Portal.Stores.AzureResourceManager;

/// <summary>What Azure Resource Manager answered.</summary>
internal sealed record ArmReply(int Status, JsonObject? Body, string? ETag, string? Operation, string? Location, TimeSpan? RetryAfter);

/// <summary>Asks Azure Resource Manager: the environment and pipeline of its client, with paths of our own for the child resources.</summary>
internal sealed class ArmConnection
{
    private readonly HttpPipeline pipeline;
    private readonly Uri endpoint;
    private readonly TimeProvider time;

    public ArmConnection(ArmClientOptions options, TokenCredential credential, TimeProvider time)
    {
        var environment = options.Environment ?? ArmEnvironment.AzurePublicCloud;
        (endpoint, this.time) = (environment.Endpoint, time);
        pipeline = HttpPipelineBuilder.Build(options, new ArmSignInPolicy(credential, environment.DefaultScope));
    }

    /// <exception cref="ArmException">There is no such resource, no right, or no answer.</exception>
    public Task<ArmReply> GetAsync(string path, string apiVersion, CancellationToken cancellationToken, ArmChange? change = null) =>
        SendAsync(RequestMethod.Get, Uri(path, apiVersion), null, null, cancellationToken, change);

    /// <summary>One resource; null when there is none.</summary>
    public async Task<JsonObject?> FindAsync(string path, string apiVersion, CancellationToken cancellationToken)
    {
        try
        {
            return (await GetAsync(path, apiVersion, cancellationToken).ConfigureAwait(false)).Body;
        }
        catch (ArmException e) when (e.Error is { Status: 404, Code: "ResourceNotFound" or "NotFound" })
        {
            return null;
        }
    }

    /// <summary>Looks at a link that the service gave. One to another host is refused: it would get the token.</summary>
    public Task<ArmReply> FollowAsync(string link, CancellationToken cancellationToken) =>
        System.Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme == System.Uri.UriSchemeHttps && uri.Authority == endpoint.Authority
            ? SendAsync(RequestMethod.Get, uri, null, null, cancellationToken)
            : throw new ArmException(ArmError.Without("ForeignLink", "The service gave a link to another host, which is not followed."));

    public Task<ArmReply> PutAsync(string path, string apiVersion, JsonObject body, ArmCondition? condition, CancellationToken cancellationToken, ArmChange? change = null) =>
        SendAsync(RequestMethod.Put, Uri(path, apiVersion), body, condition, cancellationToken, change);

    public Task<ArmReply> DeleteAsync(string path, string apiVersion, ArmCondition? condition, CancellationToken cancellationToken, ArmChange? change = null) =>
        SendAsync(RequestMethod.Delete, Uri(path, apiVersion), null, condition, cancellationToken, change);

    /// <summary>All pages of a list.</summary>
    public async IAsyncEnumerable<JsonObject> ListAsync(string path, string apiVersion, string? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var query = filter is null ? "" : "&$filter=" + System.Uri.EscapeDataString(filter);
        var page = await SendAsync(RequestMethod.Get, Uri(path, apiVersion, query), null, null, cancellationToken).ConfigureAwait(false);
        while (true)
        {
            foreach (var item in (page.Body?["value"] as JsonArray ?? []).OfType<JsonObject>())
                yield return item;
            if (page.Body?["nextLink"] is not JsonValue next || !next.TryGetValue(out string? link) || link.Length == 0)
                yield break;
            page = await FollowAsync(link, cancellationToken).ConfigureAwait(false);
        }
    }

    private Uri Uri(string path, string apiVersion, string query = "") => new(endpoint, $"{path}?api-version={apiVersion}{query}");

    private async Task<ArmReply> SendAsync(RequestMethod method, Uri uri, JsonObject? body, ArmCondition? condition, CancellationToken cancellationToken, ArmChange? change = null)
    {
        using var message = pipeline.CreateMessage();
        if (change is not null)
            message.SetProperty(ArmRetryPolicy.Change, change);
        message.Request.Method = method;
        message.Request.Uri.Reset(uri);
        message.Request.Headers.Add("Accept", "application/json");
        if (condition is not null)
            message.Request.Headers.Add(condition.Header, condition.Value);
        if (body is not null)
        {
            message.Request.Headers.Add("Content-Type", "application/json");
            message.Request.Content = RequestContent.Create(Encoding.UTF8.GetBytes(body.ToJsonString()));
        }
        try
        {
            await pipeline.SendAsync(message, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationFailedException e)
        {
            throw new ArmException(ArmError.Without(ArmError.SignIn, e.Message), e);
        }
        catch (Exception e) when (IsNoAnswer(e, cancellationToken))
        {
            throw new ArmException(ArmError.Without(ArmError.NoAnswer, Innermost(e).Message), e);
        }
        return Read(message.Response);
    }

    private ArmReply Read(Response response)
    {
        var body = Parse(response);
        if (response.Status is >= 200 and < 300)
        {
            return new ArmReply(
                response.Status, body, response.Headers.TryGetValue("ETag", out var tag) ? tag : null, Header(response, "Azure-AsyncOperation"), Header(response, "Location"),
                ArmRetryPolicy.RetryAfter(response));
        }
        throw new ArmException(ArmError.Of(response.Status, body) with
        {
            RetryAfter = ArmRetryPolicy.RetryAfter(response),
            ClockBehind = response.Headers.Date is { } date ? date - time.GetUtcNow() : TimeSpan.Zero,
        });
    }

    private static JsonObject? Parse(Response response)
    {
        try
        {
            return response.Content.ToMemory().IsEmpty ? null : JsonNode.Parse(response.Content) as JsonObject;
        }
        catch (JsonException)
        {
            // A proxy's page: the status says enough.
            return null;
        }
    }

    private static string? Header(Response response, string name) => response.Headers.TryGetValue(name, out var value) ? value : null;

    // The pipeline gives up with an aggregate of all its tries.
    internal static bool IsNoAnswer(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        AggregateException all => all.InnerExceptions.All(one => IsNoAnswer(one, cancellationToken)),
        RequestFailedException failed => failed.Status == 0,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        IOException or HttpRequestException => true,
        _ => false,
    };

    internal static Exception Innermost(Exception exception) => exception switch
    {
        AggregateException all => Innermost(all.InnerExceptions[^1]),
        { InnerException: { } inner } => Innermost(inner),
        _ => exception,
    };
}

/// <summary>What must be true of the stored resource, as a header.</summary>
internal sealed record ArmCondition(string Header, string Value)
{
    /// <summary>Nothing may be there.</summary>
    public static ArmCondition New { get; } = new("If-None-Match", "*");

    public static ArmCondition? At(string? tag) => tag is null ? null : new ArmCondition("If-Match", tag);
}
