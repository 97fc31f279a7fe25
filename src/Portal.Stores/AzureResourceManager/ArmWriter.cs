using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Documents;
using Portal.Model.Ports;

namespace Portal.Stores.AzureResourceManager;

/// <summary>
/// Changes one resource: GET, compare, merge, PUT. A write whose answer was lost is looked for before it is tried again.
/// Where the service gives an ETag it guards the write; where it gives none, somebody who writes between our GET and our PUT,
/// some milliseconds, is overwritten unseen.
/// </summary>
internal sealed class ArmWriter(ArmConnection arm, ArmReader reader, ArmOperations operations, ArmInstance instance, DocumentOptions documents, TimeProvider time)
{
    private const int MostTries = 3;

    // Members of a resource that the service sets; everything else goes back as it came.
    private static readonly string[] ReadOnly = ["id", "name", "type", "systemData", "etag", "properties"];

    /// <summary>What a change would store, or why it would not be made; nothing is written.</summary>
    public async Task<StoreResult> PlanAsync(Resource resource, Precondition precondition, CancellationToken cancellationToken)
    {
        var current = await reader.FindAsync(new ArmKey(resource.Kind, resource.Name), ProfileOf(resource), cancellationToken).ConfigureAwait(false);
        if (Refuse(current, resource.Name, precondition) is { } refused)
            return refused;
        var body = Body(resource, current, precondition, null);
        body["id"] = instance.PathOf(resource.Kind, resource.Name, ProfileOf(resource));
        body["name"] = resource.Name;
        var planned = ArmEntry.Read(resource.Kind, body, ProfileOf(resource));
        return planned.Resource is { } stored ? new StoreResult.Saved(stored) : new StoreResult.Invalid([planned.Problem!.Finding]);
    }

    /// <summary>Writes a resource and waits until Azure is done with it.</summary>
    /// <param name="resource">What is to be stored.</param>
    /// <param name="precondition">What must be true of what is stored.</param>
    /// <param name="facts">Of the instance, for a new resource.</param>
    /// <param name="change">Told what Azure has taken, before it is done, and how far it is.</param>
    /// <param name="cancellationToken">Ends the waiting; what Azure has taken it goes on with.</param>
    /// <exception cref="ArmException">Azure refused it.</exception>
    public async Task<StoreResult> SaveAsync(
        Resource resource, Precondition precondition, ArmInstanceFacts facts, ArmChange change, CancellationToken cancellationToken)
    {
        var (key, profile) = (new ArmKey(resource.Kind, resource.Name), ProfileOf(resource));
        var path = instance.PathOf(key.Kind, key.Name, profile);
        var current = await reader.FindAsync(key, profile, cancellationToken, change).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            if (Refuse(current, key.Name, precondition) is { } refused)
                return refused;
            var body = Body(resource, current, precondition, facts);
            var wanted = ArmEntry.RevisionOf(ArmResource.Written(body));
            // What failed last time is worth another try although it stands there.
            if (current is { State: null or "Succeeded", Resource: { } same } && current.Revision == wanted)
                return new StoreResult.Saved(same);
            ArmReply reply;
            try
            {
                reply = await arm.PutAsync(path, documents.ApiVersion, body, current is null ? ArmCondition.New : ArmCondition.At(current.ETag), cancellationToken, change).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Sent and not answered yet: what Azure has of it is taken all the same.
                if (current?.Revision != wanted && await SeenAsync(key, profile).ConfigureAwait(false) is (true, { } sent) && sent.Revision == wanted)
                    change.Accept(sent);
                throw;
            }
            catch (ArmException e) when (attempt < MostTries && (e.Error.IsUncertain || e.Error.Status is 409 or 412))
            {
                var now = await LookAsync(key, profile, e, cancellationToken).ConfigureAwait(false);
                // An answer that was lost, not a refusal: what stands there now is ours.
                if (now is not null && now.Revision == wanted && current?.Revision != wanted && (e.Error.IsUncertain || attempt > 1))
                {
                    reply = new ArmReply(200, now.Body, now.ETag, null, null, null);
                }
                else if (e.Error.Status == 409 && now?.Revision == current?.Revision)
                {
                    throw;
                }
                else
                {
                    current = now;
                    continue;
                }
            }
            if (reply.Body is { } taken)
                change.Accept(ArmEntry.Read(key.Kind, taken, profile, reply.ETag));
            await operations.WaitAsync(reply, path, documents.ApiVersion, isDelete: false, cancellationToken, change).ConfigureAwait(false);
            return await reader.FindAsync(key, profile, cancellationToken).ConfigureAwait(false) switch
            {
                { Resource: { } stored } => new StoreResult.Saved(stored),
                { Problem: { } problem } => new StoreResult.Unavailable($"It is stored, but what Azure gives back cannot be read: {problem.Finding.Message}", "Look at the resource in the Azure portal."),
                _ => new StoreResult.Conflict(null),
            };
        }
    }

    /// <summary>Deletes a resource and waits until Azure is done with it.</summary>
    /// <exception cref="ArmException">Azure refused it.</exception>
    public async Task<StoreResult> DeleteAsync(ArmKey key, string? profile, Precondition precondition, ArmChange change, CancellationToken cancellationToken)
    {
        var path = instance.PathOf(key.Kind, key.Name, profile);
        var current = await reader.FindAsync(key, profile, cancellationToken, change).ConfigureAwait(false);
        if (current is null)
            return new StoreResult.Conflict(null);
        for (var attempt = 1; ; attempt++)
        {
            if (Refuse(current, key.Name, precondition) is { } refused)
                return refused;
            ArmReply reply;
            try
            {
                reply = await arm.DeleteAsync(path, documents.ApiVersion, ArmCondition.At(current.ETag), cancellationToken, change).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                if (await SeenAsync(key, profile).ConfigureAwait(false) is (true, null or { State: "Deleting" }) and var (_, left))
                    change.Accept(left?.State);
                throw;
            }
            catch (ArmException e) when (attempt < MostTries && (e.Error.IsUncertain || e.Error.Status is 409 or 412))
            {
                var now = await LookAsync(key, profile, e, cancellationToken).ConfigureAwait(false);
                if (now is null)
                    return new StoreResult.Saved(null);
                if (now.State != "Deleting")
                {
                    if (e.Error.Status == 409)
                        throw;
                    current = now;
                    continue;
                }
                reply = new ArmReply(202, now.Body, null, null, null, null);
            }
            change.Accept(ArmOperations.StateOf(reply.Body));
            await operations.WaitAsync(reply, path, documents.ApiVersion, isDelete: true, cancellationToken, change).ConfigureAwait(false);
            return new StoreResult.Saved(null);
        }
    }

    public static string? ProfileOf(Resource resource) => (resource as Dataflow)?.Profile;

    /// <summary>What stands there after an answer was lost; a moment later, so that what is still on its way arrives.</summary>
    private async Task<ArmEntry?> LookAsync(ArmKey key, string? profile, ArmException lost, CancellationToken cancellationToken)
    {
        if (lost.Error.IsUncertain)
            await Task.Delay(lost.Error.RetryAfter ?? ArmOperations.UsualWait, time, cancellationToken).ConfigureAwait(false);
        try
        {
            return await reader.FindAsync(key, profile, cancellationToken).ConfigureAwait(false);
        }
        catch (ArmException e) when (e.Error.IsTransient)
        {
            throw lost;
        }
    }

    /// <summary>What stands there when nobody waits any longer; false when that cannot be told.</summary>
    private async Task<(bool IsKnown, ArmEntry? Entry)> SeenAsync(ArmKey key, string? profile)
    {
        try
        {
            return (true, await reader.FindAsync(key, profile, CancellationToken.None).ConfigureAwait(false));
        }
        catch (ArmException)
        {
            return (false, null);
        }
    }

    private JsonObject Body(Resource resource, ArmEntry? current, Precondition precondition, ArmInstanceFacts? facts)
    {
        // A change that was made from what is stored is whole; any other keeps what it does not know.
        var whole = current is null || precondition.Revision is not null ? resource : ArmResource.Merge(resource, resource.Kind, current.Body, current.Profile);
        var body = new JsonObject();
        foreach (var (name, value) in current?.Body.Where(member => !ReadOnly.Contains(member.Key)) ?? [])
            body[name] = value?.DeepClone();
        if (current is null && facts?.ExtendedLocation is { } location)
            body["extendedLocation"] = location.DeepClone();
        body["properties"] = ArmResource.Write(whole, documents).Properties;
        return body;
    }

    private static StoreResult? Refuse(ArmEntry? current, string name, Precondition precondition)
    {
        if (current?.Problem is { } problem)
        {
            return new StoreResult.Denied(
                $"'{name}' is in Azure and cannot be read here, so it is not overwritten: {problem.Finding.Message}",
                problem.Finding.Fix ?? "Repair it in the Azure portal, or delete it there.");
        }
        var isMet = precondition.MustBeNew ? current is null : precondition.Revision is not { } revision || revision == current?.Revision;
        return isMet ? null : new StoreResult.Conflict(current?.Resource);
    }
}
