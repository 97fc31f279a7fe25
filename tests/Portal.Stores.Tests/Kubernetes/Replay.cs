using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;
using Microsoft.Extensions.Time.Testing;
using Portal.KubernetesServer;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Kubernetes;

/// <summary>Sends recorded requests to a server of ours and compares the answers.</summary>
internal sealed partial class Replay : IAsyncDisposable
{
    public const string Endpoints = "/apis/connectivity.iotoperations.azure.com/v1/namespaces/azure-iot-operations/dataflowendpoints";

    private readonly Comparison comparison = new();
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly HttpClient http;

    private Replay(KubernetesApiServer server, FakeTimeProvider clock)
    {
        (Server, this.clock) = (server, clock);
        http = new HttpClient { BaseAddress = new Uri(server.Address) };
    }

    public KubernetesApiServer Server { get; }

    public static async Task<Replay> StartAsync()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        return new Replay(await KubernetesApiServer.StartAsync(new ServerOptions { UsesTls = false, FutureWait = TimeSpan.Zero, Time = clock }), clock);
    }

    public void Bind(string recorded, string actual) => comparison.Bind(recorded, actual);

    /// <summary>What another client does, or what was there before: a request of an administrator.</summary>
    public async Task<JsonNode> SendAsync(string method, string path, string? body = null, string media = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {KubernetesApiServer.AdminToken}");
        request.Headers.TryAddWithoutValidation("User-Agent", "recorder/1.0");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, MediaTypeHeaderValue.Parse(media));
        using var response = await http.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.IsSuccessStatusCode, answer.ToJsonString());
        return answer;
    }

    /// <summary>Replays one exchange; what differs.</summary>
    public async Task<IReadOnlyList<string>> PlayAsync(Exchange exchange, Func<string, Task> meanwhile)
    {
        using var request = new HttpRequestMessage(new HttpMethod(exchange.Method), Translate(exchange.PathAndQuery));
        var body = comparison.Translate(OnTheWire(exchange));
        if (body.Length > 0 || exchange.Method is "POST" or "PUT" or "PATCH")
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        foreach (var (name, value) in exchange.RequestHeaders.Where(header => header.Name is not ("Content-Length" or "Accept-Encoding")))
            if (!request.Headers.TryAddWithoutValidation(name, value))
                request.Content?.Headers.TryAddWithoutValidation(name, value);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var differences = new List<string>();
        if ((int)response.StatusCode != exchange.Status)
            differences.Add($"status: recorded {exchange.Status}, is {(int)response.StatusCode}");
        await using var stream = await response.Content.ReadAsStreamAsync();
        using var reader = new StreamReader(stream);
        if (exchange.IsStream)
            await PlayStreamAsync(exchange, reader, meanwhile, differences);
        else
            Compare(exchange, response, await reader.ReadToEndAsync(), differences);
        return differences;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await Server.DisposeAsync();
    }

    [GeneratedRegex("^[a-z][a-zA-Z]+:", RegexOptions.Multiline)]
    private static partial Regex YamlMember();

    // Remarks tell what a body was where its readable form cannot.
    private static string OnTheWire(Exchange exchange) => exchange switch
    {
        { Title: var title } when title.StartsWith("A member given twice", StringComparison.Ordinal) => exchange.Body.Replace("\"instanceCount\": 3", "\"instanceCount\": 2, \"instanceCount\": 3", StringComparison.Ordinal),
        { Title: "apiVersion and kind left out: 400" } => JsonNode.Parse(exchange.Body)!.ToJsonString(),
        { Title: "Larger than 1 MiB: 422" } => exchange.Body.Replace("<base64 of 1048577 bytes>", Convert.ToBase64String(new byte[1048577]), StringComparison.Ordinal),
        _ => exchange.Body,
    };

    private string Translate(string pathAndQuery)
    {
        var parts = pathAndQuery.Split('?', 2);
        if (parts.Length == 1)
            return pathAndQuery;
        return parts[0] + "?" + string.Join('&', parts[1].Split('&').Select(pair =>
        {
            var (name, value) = pair.Split('=', 2) is [var n, var v] ? (n, v) : (pair, "");
            if (name == "resourceVersion" && value.Length == 3 && int.TryParse(value, out var version) && version > 300 && comparison.Actual(value) is null)
                comparison.Bind(value, Server.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture));
            return name is "resourceVersion" or "continue" ? $"{name}={comparison.Actual(HttpUtility.UrlDecode(value)) ?? value}" : pair;
        }));
    }

    private void Compare(Exchange exchange, HttpResponseMessage response, string answer, List<string> differences)
    {
        foreach (var name in new[] { "Warning", "Retry-After", "ETag", "Location" })
        {
            var recorded = exchange.ResponseHeaders.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).ToList();
            var actual = response.Headers.TryGetValues(name, out var values) ? values.ToList() : [];
            if (!recorded.SequenceEqual(actual))
                differences.Add($"{name}: recorded {string.Join(" | ", recorded)}, is {string.Join(" | ", actual)}");
        }
        var media = exchange.ResponseHeaders.FirstOrDefault(header => header.Name == "Content-Type").Value;
        if (media is not null && response.Content.Headers.ContentType?.MediaType != media.Split(';')[0])
            differences.Add($"Content-Type: recorded {media}, is {response.Content.Headers.ContentType}");
        if (response.Content.Headers.ContentType?.MediaType == "text/plain" && exchange.Answer.StartsWith('{'))
            differences.Add($"body: {answer}");
        else if (exchange.Answer.StartsWith('{'))
            differences.AddRange(comparison.Differences(JsonNode.Parse(exchange.Answer), JsonNode.Parse(answer)));
        else if (exchange.Answer.Length > 0 && exchange.Answer[0] != '<' && YamlMember().IsMatch(exchange.Answer))
            differences.AddRange(comparison.Differences(Model.Documents.Yaml.Read(exchange.Answer).Documents[0].Root, Model.Documents.Yaml.Read(answer).Documents[0].Root));
        else if (exchange.Answer.Trim() != answer.Trim())
            differences.Add($"body: recorded {exchange.Answer}, is {answer}");
    }

    private async Task PlayStreamAsync(Exchange exchange, StreamReader reader, Func<string, Task> meanwhile, List<string> differences)
    {
        var timeout = HttpUtility.ParseQueryString(exchange.PathAndQuery.Split('?', 2)[^1])["timeoutSeconds"] is { } seconds ? int.Parse(seconds, System.Globalization.CultureInfo.InvariantCulture) : 0;
        foreach (var step in exchange.Steps)
        {
            if (step.Meanwhile is { } action)
            {
                await meanwhile(action);
            }
            else if (step.Event is { } text)
            {
                var recorded = JsonNode.Parse(text)!;
                // Bookmarks come with time; nothing else does.
                if ((string?)recorded["type"] == "BOOKMARK" && recorded["object"]!["metadata"]!["annotations"] is null)
                    if (timeout > 2)
                        clock.Advance(TimeSpan.FromSeconds(timeout - 2));
                    else
                        Server.SendBookmarks();
                var line = await Wait.ForAsync(reader.ReadLineAsync(), $"the event of {exchange.Number}");
                differences.AddRange(comparison.Differences(recorded, line is null ? null : JsonNode.Parse(line)));
            }
            else if (step.ServerEnds)
            {
                if (timeout > 0)
                {
                    await Wait.UntilAsync(() => Server.WatchCount > 0, "the watch is on");
                    clock.Advance(TimeSpan.FromSeconds(timeout));
                }
                if (await Wait.ForAsync(reader.ReadLineAsync(), $"the end of {exchange.Number}") is { } more)
                    differences.Add($"not recorded: {more}");
            }
        }
    }
}
