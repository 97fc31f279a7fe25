using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace Portal.KubernetesServer;

/// <summary>Watches: what is there, what happened since a version, and what happens, one line an event.</summary>
internal sealed class Watches(Storage storage, TimeProvider time, ServerOptions options)
{
    private readonly Lock gate = new();
    private readonly List<Stream> open = [];

    /// <summary>How many clients watch now.</summary>
    public int Count
    {
        get
        {
            lock (gate)
                return open.Count;
        }
    }

    /// <summary>Cuts the connection of every watch, in the middle of whatever it says.</summary>
    public void Cut()
    {
        lock (gate)
            foreach (var stream in open)
                stream.Request.Http.Abort();
    }

    /// <summary>Sends a bookmark to every watch that allows them.</summary>
    public void Bookmark()
    {
        lock (gate)
            foreach (var stream in open.Where(stream => stream.Bookmarks))
                stream.Channel.Writer.TryWrite(new Change(storage.Revision, "", null, null));
    }

    public async Task WatchAsync(ApiRequest request)
    {
        var (form, _) = Answers.Accepted(request.Http);
        var timeout = request.Number("timeoutSeconds");
        var revision = request.Revision();
        Reads.CheckListOptions(request, isWatch: true);
        var selectors = Selectors.Read(request.Type, request.Query("labelSelector"), request.Query("fieldSelector"));
        var cut = request.Http.RequestAborted;
        request.Http.Response.ContentType = "application/json";
        request.Http.Response.Headers.CacheControl = "no-cache, private";
        if (revision > 0 && revision < storage.Oldest)
        {
            var gone = ApiFault.Of(410, "Expired", string.Create(CultureInfo.InvariantCulture, $"too old resource version: {revision} ({storage.Oldest})"));
            await LineAsync(request, "ERROR", gone.Status!);
            return;
        }
        var initial = request.Query("sendInitialEvents");
        var fromNow = initial == "false" && revision is null;
        var prefix = Storage.Prefix(request.Type) + (request.Namespace is null ? "" : request.Namespace + "/");
        var withState = initial == "true" || (!fromNow && revision is null or 0);
        var (items, at) = storage.List(prefix);
        var (past, channel) = storage.Watch(withState || fromNow ? at : revision ?? at);
        var stream = new Stream(request, prefix, selectors, form, channel) { Bookmarks = request.Query("allowWatchBookmarks") == "true" };
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cut);
        using var timer = timeout is { } seconds ? time.CreateTimer(_ => channel.Writer.TryComplete(), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan) : null;
        // The last bookmark comes two seconds before the end; without an end, one a minute.
        var first = timeout > 2 ? TimeSpan.FromSeconds(timeout.Value - 2) : timeout is null ? options.BookmarkPeriod : Timeout.InfiniteTimeSpan;
        using var bookmarks = stream.Bookmarks
            ? time.CreateTimer(_ => channel.Writer.TryWrite(new Change(storage.Revision, "", null, null)), null, first, timeout is null ? options.BookmarkPeriod : Timeout.InfiniteTimeSpan)
            : null;
        try
        {
            await request.Http.Response.StartAsync(ended.Token);
            await request.Http.Response.Body.FlushAsync(ended.Token);
            foreach (var (_, document) in withState ? items : [])
                await TellAsync(stream, new Change(0, prefix, document, null), isInitial: true);
            if (initial == "true" && stream.Bookmarks)
                await LineAsync(request, "BOOKMARK", Mark(request, at, isEndOfList: true));
            foreach (var change in past)
                await TellAsync(stream, change);
            lock (gate)
                open.Add(stream);
            // A version from the future has nothing to say until it is reached.
            await foreach (var change in channel.Reader.ReadAllAsync(ended.Token))
                if (change.Revision > (revision ?? 0))
                    await (change.Key.Length == 0 ? LineAsync(request, "BOOKMARK", Mark(request, change.Revision, false)) : TellAsync(stream, change));
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        finally
        {
            storage.Unwatch(channel);
            lock (gate)
                open.Remove(stream);
        }
    }

    private async Task TellAsync(Stream stream, Change change, bool isInitial = false)
    {
        var request = stream.Request;
        if (!change.Key.StartsWith(stream.Prefix, StringComparison.Ordinal))
            return;
        var (now, before) = (Shown(change.Now), Shown(change.Before));
        var (matches, matched) = (now is not null && stream.Selectors.Match(now), before is not null && stream.Selectors.Match(before));
        if (!matches && !matched)
            return;
        var document = matches ? now! : before!;
        // What goes shows its last state, with the version of its going.
        if (!isInitial)
            document["metadata"]!["resourceVersion"] = change.Revision.ToString(CultureInfo.InvariantCulture);
        var type = matches ? matched ? "MODIFIED" : "ADDED" : "DELETED";
        var body = stream.Form switch
        {
            Form.Table => Tables.Table(request.Type, [document], new JsonObject { ["resourceVersion"] = document["metadata"].At("resourceVersion") }, request.Query("includeObject"), stream.TakeFirst(), time.GetUtcNow()),
            Form.Metadata => Tables.Partial(document),
            _ => document,
        };
        await LineAsync(request, type, body);

        JsonObject? Shown(JsonObject? stored) => stored is null ? null : CoreRules.Shown(request.Type, request.Version, stored);
    }

    private static JsonObject Mark(ApiRequest request, long revision, bool isEndOfList)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (isEndOfList)
            metadata["annotations"] = new JsonObject
            {
                ["k8s.io/initial-events-end"] = "true",
                ["kubernetes.io/initial-events-list-blueprint"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"apiVersion\":\"{request.ApiVersion}\",\"items\":[],\"kind\":\"{request.Type.ListKind}\"}}\n")),
            };
        return new JsonObject { ["apiVersion"] = request.ApiVersion, ["kind"] = request.Type.Kind, ["metadata"] = metadata };
    }

    private static async Task LineAsync(ApiRequest request, string type, JsonObject body)
    {
        var line = Json.Text(new JsonObject { ["type"] = type, ["object"] = body }) + "\n";
        await request.Http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(line), request.Http.RequestAborted);
        await request.Http.Response.Body.FlushAsync(request.Http.RequestAborted);
    }

    private sealed record Stream(ApiRequest Request, string Prefix, Selectors Selectors, Form Form, Channel<Change> Channel)
    {
        private bool first = true;

        public bool Bookmarks { get; init; }

        public bool TakeFirst() => first && !(first = false);
    }
}
