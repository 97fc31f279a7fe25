using System.Globalization;
using System.Text.Json.Nodes;

namespace Portal.AzureServer;

/// <summary>Azure Resource Manager: GET, PUT, DELETE and lists of resources, and the operations that they start.</summary>
internal sealed class ArmEndpoint(TestAzure server)
{
    private const string Audience = "https://" + TestAzure.ManagementHost;
    private static readonly string[] Moving = ["Accepted", "Provisioning", "Updating", "Deleting"];

    private ArmState State => server.Arm;

    public Reply Answer(ServerCall call)
    {
        if (server.Tokens.Problem(call, Audience) is { } problem)
        {
            return Reply.Error(401, call.Header("Authorization") is null ? "AuthenticationFailed" : "ExpiredAuthenticationToken", problem).With(
                "WWW-Authenticate", $"Bearer authorization_uri=\"https://login.microsoftonline.com/{ServerTokens.Tenant}\", error=\"invalid_token\", error_description=\"{problem}\"");
        }
        if (ArmId.Parse(call.Path) is not { } id)
            return Reply.Error(404, "NotFound", "The path is not one of a resource.");
        lock (State.Gate)
        {
            if (id.IsOf("Microsoft.IoTOperations/locations/operationStatuses"))
                return Status(id.Name);
            if (id.IsOf("Microsoft.IoTOperations/locations/operationResults"))
                return Result(id.Name);
            if (id.IsOf("Microsoft.Authorization/permissions"))
                return Permissions();
            return ArmType.Find(id.Type) is { } type ? Resource(call, id, type)
                : Reply.Error(404, "InvalidResourceType", $"The resource type '{id.Type}' could not be found in the namespace '{id.Type.Split('/')[0]}'.");
        }
    }

    private Reply Resource(ServerCall call, ArmId id, ArmType type)
    {
        if (call["api-version"] is not { } version)
            return Reply.Error(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
        if (!type.ApiVersions.Contains(version))
            return Reply.Error(400, "NoRegisteredProviderFound", $"No registered resource provider found for API version '{version}' for type '{type.Name}'. The supported api-versions are '{string.Join(", ", type.ApiVersions)}'.");
        var action = call.Method switch { "GET" => "read", "PUT" => "write", "DELETE" => "delete", _ => null };
        if (action is null || (id.IsCollection && action != "read"))
            return Reply.Error(405, "MethodNotAllowed", $"The method {call.Method} is not allowed here.");
        if (State.DeniedActions.Contains($"{type.Name}/{action}"))
            return ArmErrors.NotAuthorized($"{type.Name}/{action}", id.IsCollection ? id.Parent ?? id.Scope : id.Path);
        if (id.ResourceGroup is { } group && !State.Groups.Contains($"/subscriptions/{id.Subscription}/resourceGroups/{group}"))
            return Reply.Error(404, "ResourceGroupNotFound", $"Resource group '{group}' could not be found.");
        if (id.Parent is { } parent && !State.Resources.ContainsKey(parent))
            return call.Method == "PUT"
                ? Reply.Error(404, "ParentResourceNotFound", $"Failed to perform 'write' on resource(s) of type '{type.Name["Microsoft.IoTOperations/".Length..]}', because the parent resource '{parent}' could not be found.")
                : ArmErrors.NotFound(ArmId.Parse(parent)!);
        return call.Method switch
        {
            "GET" when id.IsCollection => List(call, id),
            "GET" => Get(id),
            "PUT" => Put(call, id, type),
            _ => Delete(call, id, type),
        };
    }

    private Reply Permissions() => new(200, new JsonObject
    {
        ["value"] = new JsonArray(new JsonObject
        {
            ["actions"] = new JsonArray("*"),
            ["notActions"] = new JsonArray([.. State.DeniedActions.Select(action => JsonValue.Create(action))]),
        }),
    });

    private Reply List(ServerCall call, ArmId id)
    {
        var scope = id.Scope + "/";
        var all = State.Resources.Where(one => ArmId.Parse(one.Key) is { } found && found.IsOf(id.Type)
            && (id.Parent is { } parent ? found.Parent!.Equals(parent, StringComparison.OrdinalIgnoreCase)
                : id.IsOf(ArmType.RoleAssignments) ? ArmRoles.IsListed(found.Scope, id.Scope, one.Value, call["$filter"])
                : one.Key.StartsWith(scope, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(one => one.Key, StringComparer.OrdinalIgnoreCase).Select(one => one.Value).ToList();
        var skip = int.Parse(call["$skipToken"] ?? "0", CultureInfo.InvariantCulture);
        var page = new JsonObject { ["value"] = new JsonArray([.. all.Skip(skip).Take(State.PageSize).Select(one => one.DeepClone())]) };
        if (skip + State.PageSize < all.Count)
            page["nextLink"] = string.Create(CultureInfo.InvariantCulture, $"https://{TestAzure.ManagementHost}{id.Path}?api-version={call["api-version"]}&$skipToken={skip + State.PageSize}");
        return new Reply(200, page);
    }

    private Reply Get(ArmId id)
    {
        // Time passes for an operation with every look, also at the resource.
        if (State.Operations.Values.FirstOrDefault(one => !one.IsDone && one.Target.Path.Equals(id.Path, StringComparison.OrdinalIgnoreCase)) is { } operation)
            Look(operation);
        return State.Resources.TryGetValue(id.Path, out var found) ? Show(200, found) : ArmErrors.NotFound(id);
    }

    private Reply Put(ServerCall call, ArmId id, ArmType type)
    {
        var was = State.Resources.GetValueOrDefault(id.Path);
        if (Precondition(call, was) is { } failed)
            return failed;
        if (IsMoving(was))
            return Reply.Error(409, "Conflict", $"Another operation is in progress on the resource '{id.Path}'.");
        if (call.Json is not { } body)
            return Reply.Error(400, "InvalidRequestContent", "The request content was invalid and could not be deserialized.");
        if (type.Name == ArmType.RoleAssignments)
            return was is null ? Show(201, State.Store(id, body, null)) : Reply.Error(409, "RoleAssignmentExists", "The role assignment already exists.");
        if (ArmChecks.Problem(id, type, body, was) is { } problem)
            return problem;
        if (!type.IsAsync || State.Polls == 0)
            return Show(was is null ? 201 : 200, State.Store(id, body, "Succeeded"));
        var stored = State.Store(id, body, was is null ? "Accepted" : "Updating");
        var operation = Start(id, isDelete: false);
        var reply = Timed(Show(was is null ? 201 : 200, stored));
        return State.GivesLinks ? reply.With("Azure-AsyncOperation", Url("operationStatuses", id, operation)) : reply;
    }

    private Reply Delete(ServerCall call, ArmId id, ArmType type)
    {
        var was = State.Resources.GetValueOrDefault(id.Path);
        if (was is null)
            return new Reply(204);
        if (Precondition(call, was) is { } failed)
            return failed;
        if (IsMoving(was))
            return Reply.Error(409, "Conflict", $"Another operation is in progress on the resource '{id.Path}'.");
        if (!type.IsAsync)
        {
            State.Drop(id);
            return Show(200, was);
        }
        State.SetState(id, "Deleting");
        var operation = Start(id, isDelete: true);
        if (State.Polls == 0)
            Finish(operation);
        return Timed(new Reply(202)).With("Location", Url("operationResults", id, operation));
    }

    private static Reply? Precondition(ServerCall call, JsonObject? was)
    {
        var mustNotExist = call.Header("If-None-Match") == "*" && was is not null;
        var mustMatch = call.Header("If-Match") is { } tag && tag != "*" && tag != (string?)was?["etag"];
        return mustNotExist || mustMatch
            ? Reply.Error(412, "PreconditionFailed", "The condition specified by the ETag in the request header is not satisfied by the resource.")
            : null;
    }

    private static bool IsMoving(JsonObject? resource) => resource?["properties"]?["provisioningState"] is { } state && Moving.Contains((string?)state);

    private ArmOperation Start(ArmId target, bool isDelete)
    {
        var operation = new ArmOperation(Guid.NewGuid().ToString("D"), target, isDelete, State.Polls, State.Outcome, State.OperationError);
        State.Operations[operation.Id] = operation;
        return operation;
    }

    /// <summary>One look at an operation; it ends when it was looked at often enough.</summary>
    private void Look(ArmOperation operation)
    {
        if (!operation.IsDone && !State.Holds && operation.PollsLeft-- <= 0)
            Finish(operation);
    }

    private void Finish(ArmOperation operation)
    {
        operation.IsDone = true;
        if (operation is { IsDelete: true, Outcome: OperationOutcome.Succeeded })
            State.Drop(operation.Target);
        else
            State.SetState(operation.Target, operation.Outcome.ToString());
    }

    private Reply Status(string id)
    {
        if (!State.Operations.TryGetValue(id, out var operation))
            return Reply.Error(404, "NotFound", "The operation was not found.");
        Look(operation);
        var body = new JsonObject { ["id"] = operation.Target.Path, ["name"] = id, ["status"] = operation.IsDone ? operation.Outcome.ToString() : "InProgress" };
        if (!operation.IsDone)
            return Timed(new Reply(200, body));
        if (operation.Outcome is not OperationOutcome.Succeeded)
            body["error"] = operation.Error?.DeepClone() ?? Reply.ErrorOf("OperationFailed", "The operation did not succeed.");
        return new Reply(200, body);
    }

    private Reply Result(string id)
    {
        if (!State.Operations.TryGetValue(id, out var operation))
            return Reply.Error(404, "NotFound", "The operation was not found.");
        Look(operation);
        if (!operation.IsDone)
            return Timed(new Reply(202)).With("Location", Url("operationResults", operation.Target, operation));
        return operation.Outcome is OperationOutcome.Succeeded ? new Reply(204)
            : new Reply(409, new JsonObject { ["error"] = operation.Error?.DeepClone() ?? Reply.ErrorOf("OperationFailed", "The operation did not succeed.") });
    }

    private static Reply Show(int status, JsonObject resource)
    {
        var reply = new Reply(status, resource.DeepClone());
        return resource["etag"] is { } tag ? reply.With("ETag", (string)tag!) : reply;
    }

    private Reply Timed(Reply reply) => reply.With("Retry-After", State.RetryAfter.ToString(CultureInfo.InvariantCulture));

    private static string Url(string kind, ArmId target, ArmOperation operation) =>
        $"https://{TestAzure.ManagementHost}/subscriptions/{target.Subscription}/providers/Microsoft.IoTOperations/locations/westeurope/{kind}/{operation.Id}?api-version=2024-11-01";
}
