using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Stores.AzureResourceManager;

namespace Portal.Targets;

/// <summary>The settings that make an instance of Azure a target of this portal.</summary>
internal static class TargetConfiguration
{
    private const int LongestName = 63;

    private static readonly JsonSerializerOptions _indented = new() { WriteIndented = true };

    /// <summary>Keys and values, as <see cref="TargetSettings.From"/> reads them.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="like">The target that found it: the new one signs in the same way.</param>
    /// <param name="all">The targets that there are.</param>
    public static IReadOnlyList<(string Key, string Value)> For(AzureInstance instance, AzureTargetOptions like, IReadOnlyList<TargetSettings> all)
    {
        var key = $"{TargetSettings.Section}:{NextNumber(all)}";
        var azure = $"{key}:{nameof(TargetKind.Azure)}";
        var settings = new List<(string, string)>
        {
            ($"{key}:Name", NameFor(instance, [.. all.Select(target => target.Name)])),
            ($"{key}:Kind", nameof(TargetKind.Azure)),
            ($"{azure}:{nameof(like.SubscriptionId)}", like.SubscriptionId),
            ($"{azure}:{nameof(like.ResourceGroup)}", instance.ResourceGroup),
            ($"{azure}:{nameof(like.Instance)}", instance.Name),
        };
        var usual = new AzureTargetOptions();
        if (like.TenantId != usual.TenantId)
            settings.Add(($"{azure}:{nameof(like.TenantId)}", like.TenantId));
        if (like.Cloud != usual.Cloud)
            settings.Add(($"{azure}:{nameof(like.Cloud)}", like.Cloud.ToString()));
        if (like.SignIn != usual.SignIn)
            settings.Add(($"{azure}:{nameof(like.SignIn)}", like.SignIn.ToString()));
        if (like.ClientId != usual.ClientId)
            settings.Add(($"{azure}:{nameof(like.ClientId)}", like.ClientId));
        return settings;
    }

    /// <summary>The target that an instance is already; null = none.</summary>
    public static TargetSettings? Find(IEnumerable<TargetSettings> all, string subscriptionId, AzureInstance instance) => all.FirstOrDefault(target =>
        target.Azure is { } azure && Same(azure.SubscriptionId, subscriptionId) && Same(azure.ResourceGroup, instance.ResourceGroup) && Same(azure.Instance, instance.Name));

    /// <summary>One variable a line.</summary>
    public static string AsEnvironment(IReadOnlyList<(string Key, string Value)> settings) =>
        string.Concat(settings.Select(setting => $"{setting.Key.Replace(":", "__", StringComparison.Ordinal)}={setting.Value}\n"));

    /// <summary>A part of <c>appsettings.json</c>. The number is a name there, so that it joins the targets that stand elsewhere.</summary>
    public static string AsJson(IReadOnlyList<(string Key, string Value)> settings)
    {
        var root = new JsonObject();
        foreach (var (key, value) in settings)
        {
            var (parent, names) = (root, key.Split(':'));
            foreach (var name in names[..^1])
                parent = (JsonObject)(parent[name] ??= new JsonObject());
            parent[names[^1]] = value;
        }
        return root.ToJsonString(_indented);
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static int NextNumber(IReadOnlyList<TargetSettings> all) =>
        all.Select(target => int.TryParse(target.Key.Split(':')[^1], out var number) ? number : -1).Max() + 1;

    private static string NameFor(AzureInstance instance, HashSet<string> taken)
    {
        var name = instance.Name.ToLowerInvariant();
        var candidates = Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? name : $"{name[..Math.Min(name.Length, LongestName - 4)]}-{number}");
        return candidates.First(candidate => !taken.Contains(candidate));
    }
}
