using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Stores.AzureResourceManager;

/// <summary>Waits for what goes on in Azure after its answer.</summary>
internal sealed class ArmOperations(ArmConnection arm, TimeProvider time)
{
    /// <summary>Wait between two looks when the service does not say.</summary>
    public static readonly TimeSpan UsualWait = TimeSpan.FromSeconds(2);

    /// <summary>Longest wait between two looks, whatever the service says: the operation may end earlier.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    /// <summary>Longest time that an operation is waited for; after that it goes on unwatched.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // Looks that may fail in a row: the operation goes on meanwhile.
    private const int MostFailures = 10;

    private static readonly string[] Ends = ["Succeeded", "Failed", "Canceled"];

    /// <summary>True for a state that is not the last one; a resource without a state is not on its way anywhere.</summary>
    public static bool IsMoving(string? state) => state is not null && !Ends.Contains(state, StringComparer.OrdinalIgnoreCase);

    /// <summary>Waits until a change is done.</summary>
    /// <param name="started">The answer that began it.</param>
    /// <param name="path">The resource, for a service that gives no link.</param>
    /// <param name="apiVersion">API version of the resource.</param>
    /// <param name="isDelete">True when the resource goes away.</param>
    /// <param name="cancellationToken">Ends the waiting; the operation goes on in Azure.</param>
    /// <param name="change">Told of every look; null = nobody is.</param>
    /// <exception cref="ArmException">It failed or was cancelled in Azure, or nothing could be heard of it.</exception>
    public async Task WaitAsync(ArmReply started, string path, string apiVersion, bool isDelete, CancellationToken cancellationToken, ArmChange? change = null)
    {
        var (reply, failures) = (started, 0);
        var link = started.Operation ?? (started.Status == 202 ? started.Location : null);
        if (link is null && !isDelete && !IsMoving(StateOf(started.Body)))
        {
            Ended(StateOf(started.Body), null);
            return;
        }
        if (link is null && isDelete && started.Status is 200 or 204)
            return;
        var end = time.GetUtcNow() + Patience;
        while (true)
        {
            if (time.GetUtcNow() > end)
                throw new ArmException(ArmError.Without(ArmError.GoesOn, "The operation still goes on in Azure."));
            await Task.Delay(Wait(reply.RetryAfter), time, cancellationToken).ConfigureAwait(false);
            try
            {
                if (link is null ? await LookAtResourceAsync(path, apiVersion, isDelete, cancellationToken).ConfigureAwait(false)
                    : IsEnd(reply = await arm.FollowAsync(link, cancellationToken).ConfigureAwait(false), started.Operation is not null))
                    return;
                failures = 0;
                if (Text(reply.Body?["status"]) is { } state)
                    change?.Say(state);
            }
            catch (ArmException e) when (e.Error.IsTransient && ++failures < MostFailures)
            {
                reply = reply with { RetryAfter = e.Error.RetryAfter };
                if (e.Error.Status is 429)
                    change?.Pause(Wait(reply.RetryAfter));
            }
            catch (ArmException e) when (link is not null && e.Error.Status == 404)
            {
                // The service forgets operations; the resource tells the same.
                link = null;
            }
        }
    }

    private async Task<bool> LookAtResourceAsync(string path, string apiVersion, bool isDelete, CancellationToken cancellationToken)
    {
        var resource = await arm.FindAsync(path, apiVersion, cancellationToken).ConfigureAwait(false);
        if (resource is null)
            return isDelete ? true : throw new ArmException(ArmError.Without("Gone", "The resource was deleted by somebody else while it was written."));
        if (IsMoving(StateOf(resource)))
            return false;
        Ended(isDelete ? "Failed" : StateOf(resource), null);
        return true;
    }

    private static bool IsEnd(ArmReply reply, bool isStatus)
    {
        if (!isStatus)
            return reply.Status != 202;
        var status = Text(reply.Body?["status"]);
        if (IsMoving(status))
            return false;
        Ended(status, reply.Body?["error"] as JsonObject);
        return true;
    }

    private static void Ended(string? state, JsonObject? error)
    {
        if (state is null || state.Equals("Succeeded", StringComparison.OrdinalIgnoreCase))
            return;
        if (state.Equals("Canceled", StringComparison.OrdinalIgnoreCase))
            throw new ArmException(ArmError.Without(ArmError.Canceled, "The operation was cancelled in Azure."));
        // Like a refusal at once: what it says is about the document.
        throw new ArmException(error is null
            ? new ArmError(400, "OperationFailed", "The operation failed in Azure, which gives no reason.", null, [])
            : ArmError.OfError(400, error));
    }

    public static string? StateOf(JsonObject? resource) => Text((resource?["properties"] as JsonObject)?["provisioningState"]);

    private static string? Text(JsonNode? node) => node?.GetValueKind() is JsonValueKind.String ? node.GetValue<string>() : null;

    private static TimeSpan Wait(TimeSpan? asked) => asked is not { } wait ? UsualWait : wait < LongestWait ? wait : LongestWait;
}
