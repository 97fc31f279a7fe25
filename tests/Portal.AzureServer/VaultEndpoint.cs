using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Portal.AzureServer;

/// <summary>The secrets part of Key Vault.</summary>
internal sealed partial class VaultEndpoint(TestAzure server)
{
    private const string Audience = "https://vault.azure.net";
    private const string Actions = "Microsoft.KeyVault/vaults/secrets/";
    private static readonly string[] ApiVersions = ["7.4", "7.5", "7.6", "2025-07-01"];

    [GeneratedRegex("^[0-9a-zA-Z-]{1,127}\\z")]
    private static partial Regex SecretName();

    private VaultState State => server.Vaults;

    public Reply Answer(ServerCall call)
    {
        if (server.Tokens.Problem(call, Audience) is { } problem)
        {
            return Reply.Error(401, "Unauthorized", problem).With(
                "WWW-Authenticate", $"Bearer authorization=\"https://login.microsoftonline.com/{ServerTokens.Tenant}\", resource=\"{Audience}\"");
        }
        if (call["api-version"] is not { } version || !ApiVersions.Contains(version))
            return Reply.Error(400, "BadParameter", "api-version must be specified");
        var vault = call.Host.Split('.')[0];
        lock (State.Gate)
        {
            return State.ByVault.TryGetValue(vault, out var secrets)
                ? Answer(call, $"https://{vault}{TestAzure.VaultSuffix}", secrets, call.Path.Trim('/').Split('/'))
                : Reply.Error(404, "VaultNotFound", $"The vault '{vault}' was not found.");
        }
    }

    private Reply Answer(ServerCall call, string root, SortedDictionary<string, VaultItem> secrets, string[] path)
    {
        var action = (call.Method, path) switch
        {
            ("GET", ["secrets"] or ["secrets", _, "versions"] or ["deletedsecrets", ..]) => "readMetadata/action",
            ("GET", ["secrets", _] or ["secrets", _, _]) => "getSecret/action",
            ("PUT", ["secrets", _]) => "setSecret/action",
            ("DELETE", ["secrets", _]) => "delete",
            _ => null,
        };
        if (action is null)
            return Reply.Error(405, "MethodNotAllowed", "The method is not allowed here.");
        if (State.DeniedActions.Contains(Actions + action))
            return Forbidden(Actions + action, call.Path);
        if (path is ["secrets"])
            return List(call, root + "/secrets", [.. secrets.Where(one => one.Value.Deleted is null).Select(one => Shown(root, one.Key, one.Value.Versions[^1], withVersion: false))]);
        if (!SecretName().IsMatch(path[1]))
            return Reply.Error(400, "BadParameter", $"The request URI contains an invalid name: {path[1]}");
        var item = secrets.GetValueOrDefault(path[1]);
        return (call.Method, path[0]) switch
        {
            ("PUT", _) => Set(call, root, path[1], secrets, item),
            ("GET", "deletedsecrets") => item is { Deleted: { } } ? new Reply(200, Deleted(root, path[1], item)) : NotFound(path[1]),
            _ when item is null or { Deleted: not null } => NotFound(path[1]),
            ("DELETE", _) => Delete(root, path[1], item),
            _ when path is [_, _, "versions"] => List(call, $"{root}/secrets/{path[1]}/versions", [.. item.Versions.Select(version => Shown(root, path[1], version, withVersion: true))]),
            _ => Get(root, path[1], item),
        };
    }

    private Reply List(ServerCall call, string url, List<JsonObject> all)
    {
        var skip = int.Parse(call["$skiptoken"] ?? "0", CultureInfo.InvariantCulture);
        var page = new JsonObject { ["value"] = new JsonArray([.. all.Skip(skip).Take(State.PageSize)]) };
        page["nextLink"] = skip + State.PageSize < all.Count
            ? string.Create(CultureInfo.InvariantCulture, $"{url}?api-version={call["api-version"]}&$skiptoken={skip + State.PageSize}")
            : null;
        return new Reply(200, page);
    }

    private static Reply Set(ServerCall call, string root, string name, SortedDictionary<string, VaultItem> secrets, VaultItem? item)
    {
        if (item is { Deleted: not null })
        {
            var error = Reply.ErrorOf("Conflict", $"Secret {name} is currently in a deleted but recoverable state, and its name cannot be reused; in this state, the secret can only be recovered or purged.");
            error["innererror"] = new JsonObject { ["code"] = "ObjectIsDeletedButRecoverable" };
            return new Reply(409, new JsonObject { ["error"] = error });
        }
        if (call.Json is not { } body || (string?)body["value"] is not { } value)
            return Reply.Error(400, "BadParameter", "Property has invalid value: value");
        var now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var attributes = body["attributes"]?.DeepClone() as JsonObject ?? [];
        attributes["enabled"] ??= true;
        attributes["created"] = now.ToUnixTimeSeconds();
        attributes["updated"] = now.ToUnixTimeSeconds();
        attributes["recoveryLevel"] = "Recoverable+Purgeable";
        attributes["recoverableDays"] = 90;
        item = item ?? (secrets[name] = new VaultItem());
        item.Versions.Add(new VaultVersion(Guid.NewGuid().ToString("N"), value, now, attributes, body["tags"]?.DeepClone() as JsonObject, (string?)body["contentType"]));
        var shown = Shown(root, name, item.Versions[^1], withVersion: true);
        shown["value"] = value;
        return new Reply(200, shown);
    }

    private Reply Get(string root, string name, VaultItem item)
    {
        State.ValuesRead++;
        var shown = Shown(root, name, item.Versions[^1], withVersion: true);
        shown["value"] = item.Versions[^1].Value;
        return new Reply(200, shown);
    }

    private static Reply Delete(string root, string name, VaultItem item)
    {
        item.Deleted = TimeProvider.System.GetUtcNow();
        return new Reply(200, Deleted(root, name, item));
    }

    private static JsonObject Deleted(string root, string name, VaultItem item)
    {
        var shown = Shown(root, name, item.Versions[^1], withVersion: true);
        shown["recoveryId"] = $"{root}/deletedsecrets/{name}";
        shown["deletedDate"] = item.Deleted!.Value.ToUnixTimeSeconds();
        shown["scheduledPurgeDate"] = item.Deleted.Value.AddDays(90).ToUnixTimeSeconds();
        return shown;
    }

    private static JsonObject Shown(string root, string name, VaultVersion version, bool withVersion)
    {
        var shown = new JsonObject
        {
            ["id"] = $"{root}/secrets/{name}" + (withVersion ? "/" + version.Version : ""),
            ["attributes"] = version.Attributes.DeepClone(),
        };
        if (version.Tags is { } tags)
            shown["tags"] = tags.DeepClone();
        if (version.ContentType is { } contentType)
            shown["contentType"] = contentType;
        return shown;
    }

    private static Reply NotFound(string name) => Reply.Error(404, "SecretNotFound", $"A secret with (name/id) {name} was not found in this key vault.");

    private static Reply Forbidden(string action, string path)
    {
        var error = Reply.ErrorOf("Forbidden", $"Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\nCaller: oid={ServerTokens.ObjectId}\r\nAction: '{action}'\r\nResource: '{path}'\r\nAssignment: (not found)");
        error["innererror"] = new JsonObject { ["code"] = "ForbiddenByRbac" };
        return new Reply(403, new JsonObject { ["error"] = error });
    }
}
