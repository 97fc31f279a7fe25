using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Portal.KubernetesServer;

/// <summary>What the server offers: version, groups, resources. Aggregated discovery is not offered; clients then ask group by group.</summary>
internal sealed class Discovery(Func<IReadOnlyList<ResourceType>> types)
{
    private static readonly (string Group, string Plural, string Singular, string Kind)[] Reviews =
    [
        ("authentication.k8s.io", "selfsubjectreviews", "selfsubjectreview", "SelfSubjectReview"),
        ("authorization.k8s.io", "selfsubjectaccessreviews", "selfsubjectaccessreview", "SelfSubjectAccessReview"),
        ("authorization.k8s.io", "selfsubjectrulesreviews", "selfsubjectrulesreview", "SelfSubjectRulesReview"),
    ];

    /// <summary>Answers when the path is one of discovery.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext http)
    {
        var answer = http.Request.Path.Value!.Trim('/').Split('/') switch
        {
            ["version"] => new JsonObject
            {
                ["major"] = "1",
                ["minor"] = "32",
                ["gitVersion"] = "v1.32.13",
                ["gitCommit"] = "<commit>",
                ["gitTreeState"] = "clean",
                ["buildDate"] = "2026-03-01T00:00:00Z",
                ["goVersion"] = "go1.24.4",
                ["compiler"] = "gc",
                ["platform"] = "linux/amd64",
            },
            ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = http.Request.Host.Value }) },
            ["apis"] => new JsonObject { ["kind"] = "APIGroupList", ["apiVersion"] = "v1", ["groups"] = new JsonArray([.. Groups().Select(group => Group(group, isItem: true))]) },
            ["apis", var group] when Groups().Contains(group) => Group(group, isItem: false),
            ["api", "v1"] => Resources("", "v1"),
            ["apis", var group, var version] when VersionsOf(group).Contains(version) => Resources(group, version),
            _ => null,
        };
        if (answer is null)
            return false;
        Answers.Accepted(http);
        await Answers.JsonAsync(http, 200, answer);
        return true;
    }

    public IReadOnlyList<string> VersionsOf(string group)
        => [.. types().Where(type => type.Group == group).SelectMany(type => type.Versions).Concat(Reviews.Where(review => review.Group == group).Select(_ => "v1")).Distinct()];

    // Ours come last, behind the built-in ones.
    private IEnumerable<string> Groups()
        => types().Where(type => !type.IsCustom).Select(type => type.Group).Concat(Reviews.Select(review => review.Group)).Concat(types().Select(type => type.Group)).Where(group => group.Length > 0).Distinct();

    private JsonObject Group(string group, bool isItem)
    {
        var versions = VersionsOf(group).Select(version => new JsonObject { ["groupVersion"] = $"{group}/{version}", ["version"] = version }).ToList();
        var node = isItem ? [] : new JsonObject { ["kind"] = "APIGroup", ["apiVersion"] = "v1" };
        node["name"] = group;
        node["versions"] = new JsonArray([.. versions]);
        node["preferredVersion"] = versions[0].Clone();
        return node;
    }

    private JsonObject Resources(string group, string version)
    {
        var list = new JsonArray();
        foreach (var type in types().Where(type => type.Group == group && type.Versions.Contains(version)))
        {
            var resource = new JsonObject { ["name"] = type.Plural, ["singularName"] = type.Singular, ["namespaced"] = type.IsNamespaced, ["kind"] = type.Kind, ["verbs"] = Texts(type.Verbs) };
            if (type.ShortNames.Length > 0)
                resource["shortNames"] = Texts(type.ShortNames);
            resource["storageVersionHash"] = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(type.Qualified))[..8]);
            list.Add(resource);
            if (type.HasStatus)
                list.Add(new JsonObject { ["name"] = $"{type.Plural}/status", ["singularName"] = "", ["namespaced"] = type.IsNamespaced, ["kind"] = type.Kind, ["verbs"] = Texts(["get", "patch", "update"]) });
        }
        foreach (var (_, plural, singular, kind) in Reviews.Where(review => review.Group == group))
            list.Add(new JsonObject { ["name"] = plural, ["singularName"] = singular, ["namespaced"] = false, ["kind"] = kind, ["verbs"] = Texts(["create"]) });
        var node = new JsonObject { ["kind"] = "APIResourceList" };
        if (group.Length > 0)
            node["apiVersion"] = "v1";
        node["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}";
        node["resources"] = list;
        return node;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => JsonValue.Create(text))];
}
