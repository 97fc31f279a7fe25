using System.Globalization;
using System.Net;
using System.Text.Json;
using Portal.Hosting;

namespace Portal.FlowHosts;

/// <summary>A flow host as this portal reaches it.</summary>
internal sealed class FlowHostClient : IDisposable
{
    /// <summary>A flow host that takes longer to answer is shown as one that does not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly RoleOptions _role;
    private readonly HttpClient _http;

    public FlowHostClient(int ordinal, RoleOptions role)
    {
        (Ordinal, _role) = (ordinal, role);
        Address = role.FlowHosts[ordinal].GetLeftPart(UriPartial.Authority);
        // Addresses of a cluster: no proxy, and the token goes nowhere else.
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = Patience })
        {
            BaseAddress = role.FlowHosts[ordinal],
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", role.Token!.Header);
    }

    public int Ordinal { get; }

    public string Address { get; }

    /// <summary>Sends a call; the caller bounds it.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>Asks how its dataflows stand.</summary>
    /// <param name="target">Name of the target that the dataflows stand in.</param>
    /// <param name="after">Only points of the charts that are newer.</param>
    /// <returns>The answer, or why there is none.</returns>
    public async Task<(FlowHostAnswer? Answer, FlowHostProblem? Problem)> AskAsync(string target, DateTimeOffset after, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/flows?target={target}&after=" + Uri.EscapeDataString(after.ToString("O", CultureInfo.InvariantCulture)));
            using var response = await SendAsync(request, limit.Token);
            if (ProblemOf(response.StatusCode) is { } refused)
                return (null, refused);
            var answer = await response.Content.ReadFromJsonAsync<FlowHostAnswer>(FlowHostAnswer.Json, limit.Token);
            return answer is null ? (null, Unreadable())
                : (answer.InstanceId, answer.FlowHosts) != (Ordinal, _role.Hosts) ? (null, Mismatch(answer))
                : (answer, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, Silent($"it did not answer within {Patience.TotalSeconds:0} s"));
        }
        catch (HttpRequestException failure)
        {
            return (null, Silent(failure.InnerException?.Message ?? failure.Message));
        }
        catch (IOException failure)
        {
            return (null, Silent(failure.Message));
        }
        catch (JsonException)
        {
            return (null, Unreadable());
        }
    }

    /// <summary>What an answer without a result means; null for a result.</summary>
    public FlowHostProblem? ProblemOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => null,
        401 => new FlowHostProblem("flow-host-token", $"The flow host {Ordinal} at {Address} refuses the token of this portal.", "Give portals and flow hosts the same Portal:FlowHostToken and start them again."),
        var code => new FlowHostProblem("flow-host-answer", $"The flow host {Ordinal} at {Address} answers with HTTP {code}.", "Check that the address in Portal:FlowHosts is that of a portal with Portal:Role=Flows, in the same version as this one."),
    };

    public FlowHostProblem Silent(string why) => new(
        "flow-host-silent", $"The flow host {Ordinal} at {Address} does not answer: {why}.",
        "Start it again under its instance id, or correct its address in Portal:FlowHosts. Until then what its instances do is not known here; messages that they did not confirm wait at their source.");

    public void Dispose() => _http.Dispose();

    private FlowHostProblem Unreadable() => new(
        "flow-host-answer", $"The flow host {Ordinal} at {Address} answers something that this portal cannot read.", "Run portals and flow hosts in the same version.");

    private FlowHostProblem Mismatch(FlowHostAnswer answer) => new(
        "flow-host-mismatch",
        $"At {Address} answers flow host {answer.InstanceId} of {answer.FlowHosts}; this portal expects flow host {Ordinal} of {_role.Hosts}.",
        "Give every portal and flow host the same list Portal:FlowHosts, in the order of the instance ids: with different lists instances of dataflows run twice or not at all.");
}
