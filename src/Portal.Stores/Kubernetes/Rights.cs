using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Portal.Model;

namespace Portal.Stores.Kubernetes;

/// <summary>A right that the portal needs.</summary>
/// <param name="Group">API group; empty = the core.</param>
/// <param name="Resource">Plural.</param>
/// <param name="Verb">Verb, for example <c>patch</c>.</param>
internal sealed record Right(string Group, string Resource, string Verb);

/// <summary>What the signed-in user may do in the namespace, and the Role that grants the rest.</summary>
internal static class Rights
{
    private static readonly string[] Kinds = ["dataflowendpoints", "dataflowprofiles", "dataflows"];

    /// <summary>Everything that the portal does: resources, secrets, config maps, events.</summary>
    public static IReadOnlyList<Right> Needed { get; } =
    [
        .. from resource in Kinds from verb in new[] { "get", "list", "watch", "create", "patch", "delete" } select new Right(Resource.ApiGroup, resource, verb),
        .. from resource in new[] { "configmaps", "secrets" } from verb in new[] { "get", "list", "create", "patch", "delete" } select new Right("", resource, verb),
        new("events.k8s.io", "events", "create"),
    ];

    /// <summary>Those of <see cref="Needed"/> that are missing. One question for all; one each for what a server leaves open.</summary>
    public static async Task<IReadOnlyList<Right>> MissingAsync(KubernetesCalls calls, CancellationToken cancellationToken)
    {
        var @namespace = calls.Connection.Namespace;
        var review = await calls.ReadAsync(
            client => client.AuthorizationV1.CreateSelfSubjectRulesReviewAsync(new V1SelfSubjectRulesReview { Spec = new V1SelfSubjectRulesReviewSpec { NamespaceProperty = @namespace } }, cancellationToken: cancellationToken),
            cancellationToken).ConfigureAwait(false);
        var missing = Needed.Where(right => !review.Status.ResourceRules.Any(rule => Grants(rule, right))).ToList();
        if (!review.Status.Incomplete)
            return missing;
        var still = new List<Right>();
        foreach (var right in missing)
        {
            var attributes = new V1ResourceAttributes { NamespaceProperty = @namespace, Group = right.Group, Resource = right.Resource, Verb = right.Verb };
            var answer = await calls.ReadAsync(
                client => client.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(new V1SelfSubjectAccessReview { Spec = new V1SelfSubjectAccessReviewSpec { ResourceAttributes = attributes } }, cancellationToken: cancellationToken),
                cancellationToken).ConfigureAwait(false);
            if (!answer.Status.Allowed)
                still.Add(right);
        }
        return still;
    }

    /// <summary>The name of the user that the API server sees; null when it does not tell.</summary>
    public static async Task<string?> UserAsync(KubernetesCalls calls, CancellationToken cancellationToken)
    {
        try
        {
            var review = await calls.ReadAsync(client => client.AuthenticationV1.CreateSelfSubjectReviewAsync(new V1SelfSubjectReview(), cancellationToken: cancellationToken), cancellationToken).ConfigureAwait(false);
            return review.Status.UserInfo.Username;
        }
        catch (KubernetesFault)
        {
            // Servers before 1.28 have no such question; the Role then names a place to fill in.
            return null;
        }
    }

    /// <summary>For people: verbs by resource.</summary>
    public static string Describe(IEnumerable<Right> rights)
        => string.Join("; ", rights.GroupBy(right => right.Resource).Select(group => $"{string.Join(", ", group.Select(right => right.Verb))} on {group.Key}"));

    /// <summary>The Role that grants everything that the portal needs, and its binding, as YAML.</summary>
    public static string Role(string @namespace, string? user)
    {
        var yaml = new StringBuilder($"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata:
              name: portal
              namespace: {@namespace}
            rules:

            """);
        foreach (var group in Needed.GroupBy(right => (right.Group, Verbs: string.Join(", ", Needed.Where(other => other.Group == right.Group && other.Resource == right.Resource).Select(other => other.Verb)))))
        {
            yaml.Append("- apiGroups: [").Append(JsonSerializer.Serialize(group.Key.Group)).Append("]\n");
            yaml.Append("  resources: [").AppendJoin(", ", group.Select(right => right.Resource).Distinct()).Append("]\n");
            yaml.Append("  verbs: [").Append(group.Key.Verbs).Append("]\n");
        }
        yaml.Append($"""
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata:
              name: portal
              namespace: {@namespace}
            roleRef:
              apiGroup: rbac.authorization.k8s.io
              kind: Role
              name: portal
            subjects:

            """);
        // system:serviceaccount:<namespace>:<name>
        if (user?.Split(':') is ["system", "serviceaccount", var place, var account])
            yaml.Append($"- kind: ServiceAccount\n  name: {account}\n  namespace: {place}\n");
        else
            yaml.Append($"- apiGroup: rbac.authorization.k8s.io\n  kind: User\n  name: {JsonSerializer.Serialize(user ?? "the user that the portal signs in as")}\n");
        return yaml.ToString();
    }

    private static bool Grants(V1ResourceRule rule, Right right)
        => Has(rule.ApiGroups, right.Group) && Has(rule.Resources, right.Resource) && Has(rule.Verbs, right.Verb) && rule.ResourceNames is null or { Count: 0 };

    private static bool Has(IList<string>? list, string value) => list is not null && (list.Contains(value) || list.Contains("*"));
}
