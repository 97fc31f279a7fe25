using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.KubernetesServer;

/// <summary>Who a token stands for.</summary>
/// <param name="Name">User name.</param>
/// <param name="Groups">Groups, beside system:authenticated.</param>
/// <param name="Expires">When the token ends; null = never.</param>
public sealed record ServerUser(string Name, IReadOnlyList<string> Groups, DateTimeOffset? Expires = null);

/// <summary>Tokens, and rights from Roles and RoleBindings.</summary>
internal sealed class Access(Storage storage, TimeProvider time, X509Certificate2 authority)
{
    public const string Masters = "system:masters";

    private const string Anonymous = "system:anonymous";
    private static readonly ResourceType Roles = ResourceTypes.BuiltIn.First(type => type.Plural == "roles");
    private static readonly ResourceType Bindings = ResourceTypes.BuiltIn.First(type => type.Plural == "rolebindings");
    private static readonly string[] OpenPaths = ["/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version", "/version/"];

    private readonly ConcurrentDictionary<string, ServerUser> impersonated = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, ServerUser> Tokens { get; } = new(StringComparer.Ordinal);

    /// <summary>Users by the name in their certificate.</summary>
    public ConcurrentDictionary<string, ServerUser> Certificates { get; } = new(StringComparer.Ordinal);

    private string Now => time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The user of a request.</summary>
    /// <exception cref="ApiFault">401: a token that is not known or is over; 403: another user may not be played.</exception>
    public string Authenticate(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.Ordinal))
            return OfCertificate(http.Connection.ClientCertificate);
        if (!Tokens.TryGetValue(header["Bearer ".Length..], out var user) || user.Expires <= time.GetUtcNow())
            throw ApiFault.Of(401, "Unauthorized", "Unauthorized");
        if (http.Request.Headers["Impersonate-User"].ToString() is { Length: > 0 } other)
        {
            if (!user.Groups.Contains(Masters))
                throw Forbidden(user.Name, "impersonate", "", "users", "", null, other);
            return other;
        }
        impersonated[user.Name] = user;
        return user.Name;
    }

    private string OfCertificate(X509Certificate2? certificate)
    {
        if (certificate is null)
            return Anonymous;
        if (certificate.Issuer != authority.Subject || certificate.NotAfter < time.GetLocalNow() || !Certificates.TryGetValue(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), out var user))
            throw ApiFault.Of(401, "Unauthorized", "Unauthorized");
        impersonated[user.Name] = user;
        return user.Name;
    }

    public void Demand(ApiRequest request, string? verb = null)
    {
        verb ??= request.Verb;
        var name = request.Name ?? NameOfSelector(request);
        if (!IsAllowed(request.User, verb, request.Group, request.Plural, request.Subresource, request.Namespace, name, out _))
            throw Forbidden(request.User, verb, request.Group, request.Plural, request.Subresource, request.Plural == "namespaces" ? null : request.Namespace, name);
    }

    public void DemandPath(string user, string path)
    {
        var open = user == Anonymous ? OpenPaths.Where(open => open is "/healthz" or "/livez" or "/readyz" or "/version" or "/version/") : OpenPaths;
        if (!IsMaster(user) && !open.Any(rule => rule.EndsWith('*') ? path.StartsWith(rule[..^1], StringComparison.Ordinal) : rule == path))
            throw ApiFault.Of(403, "Forbidden", $"forbidden: User {Json.Quoted(user)} cannot get path {Json.Quoted(path)}", []);
    }

    /// <summary>SelfSubjectAccessReview.</summary>
    public JsonObject Review(string user, string manager, JsonObject review)
    {
        var spec = review.Object("spec") ?? [];
        var status = new JsonObject { ["allowed"] = false };
        if (spec.Object("resourceAttributes") is { } attributes)
        {
            status["allowed"] = IsAllowed(
                user, attributes.At("verb") ?? "", attributes.At("group") ?? "", attributes.At("resource") ?? "", attributes.At("subresource") ?? "", attributes.At("namespace"), attributes.At("name"), out var reason);
            if (reason is not null)
                status["reason"] = reason;
        }
        else if (spec.Object("nonResourceAttributes") is { } path)
        {
            status["allowed"] = OpenPaths.Contains(path.At("path")) && path.At("verb") == "get";
            status["reason"] = "RBAC: allowed by ClusterRoleBinding \"system:discovery\" of ClusterRole \"system:discovery\" to Group \"system:authenticated\"";
        }
        else
        {
            var cause = Cause.Invalid("spec.resourceAttributes", "\"null\"", "exactly one of nonResourceAttributes or resourceAttributes must be specified");
            throw ApiFault.Of(422, "Invalid", $".authorization.k8s.io \"\" is invalid: {cause}", new JsonObject { ["group"] = "authorization.k8s.io", ["causes"] = ApiFault.Causes([cause]) });
        }
        var owners = new Ownership();
        owners.Update(new JsonObject { ["spec"] = new JsonObject() }, new JsonObject { ["spec"] = spec.Clone() }, new Manager(manager, "Update", "authorization.k8s.io/v1", ""), Now, set => set);
        return new JsonObject { ["kind"] = "SelfSubjectAccessReview", ["apiVersion"] = "authorization.k8s.io/v1", ["metadata"] = new JsonObject { ["creationTimestamp"] = null, ["managedFields"] = owners.Write() }, ["spec"] = spec.Clone(), ["status"] = status };
    }

    /// <summary>SelfSubjectRulesReview.</summary>
    public JsonObject Rules(string user, JsonObject review)
    {
        var @namespace = review["spec"].At("namespace") ?? throw ApiFault.BadRequest("no namespace on request");
        List<JsonNode?> resources = [Rule(["create"], "authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectrulesreviews"), Rule(["create"], "authentication.k8s.io", "selfsubjectreviews")];
        List<JsonNode?> paths = [];
        if (IsMaster(user))
        {
            resources.Add(Rule(["*"], "*", "*"));
            paths.Add(new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") });
        }
        resources.AddRange(Granted(user, @namespace).SelectMany(grant => grant.Rules).Select(rule => rule.DeepClone()));
        paths.Add(new JsonObject { ["verbs"] = new JsonArray("get"), ["nonResourceURLs"] = new JsonArray([.. OpenPaths.Select(path => JsonValue.Create(path))]) });
        paths.Add(new JsonObject { ["verbs"] = new JsonArray("get"), ["nonResourceURLs"] = new JsonArray("/healthz", "/livez", "/readyz", "/version", "/version/") });
        return new JsonObject
        {
            ["kind"] = "SelfSubjectRulesReview",
            ["apiVersion"] = "authorization.k8s.io/v1",
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null },
            ["spec"] = new JsonObject(),
            ["status"] = new JsonObject { ["resourceRules"] = new JsonArray([.. resources]), ["nonResourceRules"] = new JsonArray([.. paths]), ["incomplete"] = false },
        };
    }

    /// <summary>SelfSubjectReview.</summary>
    public JsonObject WhoAmI(string user) => new()
    {
        ["kind"] = "SelfSubjectReview",
        ["apiVersion"] = "authentication.k8s.io/v1",
        ["metadata"] = new JsonObject { ["creationTimestamp"] = Now },
        ["status"] = new JsonObject { ["userInfo"] = new JsonObject { ["username"] = user, ["uid"] = user + "-uid", ["groups"] = new JsonArray([.. GroupsOf(user).Append("system:authenticated").Select(group => JsonValue.Create(group))]) } },
    };

    private static JsonObject Rule(string[] verbs, string group, params string[] resources) => new()
    {
        ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
        ["apiGroups"] = new JsonArray(group),
        ["resources"] = new JsonArray([.. resources.Select(resource => JsonValue.Create(resource))]),
    };

    private static string? NameOfSelector(ApiRequest request)
        => request.Query("fieldSelector") is { } selector && selector.StartsWith("metadata.name=", StringComparison.Ordinal) ? selector["metadata.name=".Length..].TrimStart('=') : null;

    private static ApiFault Forbidden(string user, string verb, string group, string plural, string subresource, string? @namespace, string? name)
    {
        var qualified = group.Length == 0 ? plural : $"{plural}.{group}";
        var place = @namespace is null ? "at the cluster scope" : $"in the namespace {Json.Quoted(@namespace)}";
        return ApiFault.Of(
            403, "Forbidden",
            $"{qualified}{(name is null ? "" : " " + Json.Quoted(name))} is forbidden: User {Json.Quoted(user)} cannot {verb} resource {Json.Quoted(subresource.Length == 0 ? plural : $"{plural}/{subresource}")} in API group {Json.Quoted(group)} {place}",
            ApiFault.Details(name ?? "", group, plural));
    }

    private bool IsAllowed(string user, string verb, string group, string plural, string subresource, string? @namespace, string? name, out string? reason)
    {
        reason = null;
        if (IsMaster(user))
            return true;
        var resource = subresource.Length == 0 ? plural : $"{plural}/{subresource}";
        if (user != Anonymous && verb == "create" && plural.StartsWith("selfsubject", StringComparison.Ordinal))
            return true;
        foreach (var (binding, role, subject, rules) in @namespace is null ? [] : Granted(user, @namespace))
        {
            if (!rules.Any(rule => Has(rule, "verbs", verb) && Has(rule, "apiGroups", group) && Has(rule, "resources", resource)
                && (rule["resourceNames"] is not JsonArray { Count: > 0 } names || names.Any(item => item.At() == name))))
                continue;
            reason = $"RBAC: allowed by RoleBinding \"{binding}/{@namespace}\" of Role \"{role}\" to {subject}";
            return true;
        }
        return false;
    }

    private IEnumerable<(string Binding, string Role, string Subject, IReadOnlyList<JsonObject> Rules)> Granted(string user, string @namespace)
    {
        var groups = GroupsOf(user);
        foreach (var (_, binding) in storage.List($"{Storage.Prefix(Bindings)}{@namespace}/").Items)
        {
            var subject = (binding["subjects"] as JsonArray ?? []).FirstOrDefault(subject =>
                subject.At("kind") == "Group" ? groups.Append("system:authenticated").Contains(subject.At("name")) : subject.At("name") == user);
            if (subject is null || storage.Find(Storage.Key(Roles, @namespace, binding["roleRef"].At("name")!)) is not { } role)
                continue;
            yield return (binding["metadata"].At("name")!, role["metadata"].At("name")!, $"{subject.At("kind")} {Json.Quoted(subject.At("name")!)}", [.. (role["rules"] as JsonArray ?? []).OfType<JsonObject>()]);
        }
    }

    private static bool Has(JsonObject rule, string member, string value) => (rule[member] as JsonArray ?? []).Any(item => item.At() is "*" || item.At() == value);

    private bool IsMaster(string user) => GroupsOf(user).Contains(Masters);

    private IReadOnlyList<string> GroupsOf(string user) => (impersonated.GetValueOrDefault(user) ?? Tokens.Values.FirstOrDefault(known => known.Name == user))?.Groups ?? [];
}
