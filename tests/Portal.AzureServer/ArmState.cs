using System.Text.Json.Nodes;

namespace Portal.AzureServer;

/// <summary>How an operation ends.</summary>
public enum OperationOutcome { Succeeded, Failed, Canceled }

/// <summary>A change that goes on after its answer.</summary>
internal sealed class ArmOperation(string id, ArmId target, bool isDelete, int pollsLeft, OperationOutcome outcome, JsonObject? error)
{
    public string Id => id;

    public ArmId Target => target;

    public bool IsDelete => isDelete;

    public OperationOutcome Outcome => outcome;

    public JsonObject? Error => error;

    public int PollsLeft { get; set; } = pollsLeft;

    public bool IsDone { get; set; }
}

/// <summary>Everything in Azure Resource Manager, and how the next operations go.</summary>
public sealed class ArmState
{
    internal Lock Gate { get; } = new();

    internal Dictionary<string, JsonObject> Resources { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal Dictionary<string, ArmOperation> Operations { get; } = [];

    internal HashSet<string> Groups { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal HashSet<string> DeniedActions { get; } = new(StringComparer.OrdinalIgnoreCase);

    private long version;

    /// <summary>Whether resources have an ETag, in the header and in the body.</summary>
    public bool GivesETags { get; set; }

    /// <summary>Most entries of a page of a list.</summary>
    public int PageSize { get; set; } = 50;

    /// <summary>How often an operation says that it goes on before it ends; 0 = it is done with the first answer.</summary>
    public int Polls { get; set; } = 1;

    /// <summary>Seconds between two looks, as said in Retry-After.</summary>
    public int RetryAfter { get; set; } = 1;

    /// <summary>Whether a change says where to look at its operation; else only the resource tells.</summary>
    public bool GivesLinks { get; set; } = true;

    /// <summary>How the next operations end.</summary>
    public OperationOutcome Outcome { get; set; }

    /// <summary>The error of operations that fail.</summary>
    public JsonObject? OperationError { get; set; }

    /// <summary>True to hold every operation where it is.</summary>
    public bool Holds { get; set; }

    /// <summary>Refuses an action, for example Microsoft.IoTOperations/instances/dataflowEndpoints/write.</summary>
    public void Deny(params string[] actions)
    {
        lock (Gate)
            DeniedActions.UnionWith(actions);
    }

    public void AllowAll()
    {
        lock (Gate)
            DeniedActions.Clear();
    }

    /// <summary>Puts a resource as somebody else would: at once, with everything that Azure adds.</summary>
    public void Put(string path, JsonObject body)
    {
        var id = ArmId.Parse(path) ?? throw new ArgumentException(path, nameof(path));
        lock (Gate)
        {
            if (id.ResourceGroup is { } group)
                Groups.Add($"/subscriptions/{id.Subscription}/resourceGroups/{group}");
            Store(id, (JsonObject)body.DeepClone(), "Succeeded");
        }
    }

    public void Remove(string path)
    {
        lock (Gate)
            Drop(ArmId.Parse(path)!);
    }

    /// <summary>What is stored; null = nothing.</summary>
    public JsonObject? Find(string path)
    {
        lock (Gate)
            return Resources.GetValueOrDefault(path.TrimEnd('/'))?.DeepClone() as JsonObject;
    }

    public IReadOnlyList<string> Paths
    {
        get
        {
            lock (Gate)
                return [.. Resources.Keys];
        }
    }

    internal JsonObject Store(ArmId id, JsonObject body, string? provisioningState)
    {
        var was = Resources.GetValueOrDefault(id.Path);
        var stored = new JsonObject { ["id"] = id.Path, ["name"] = id.Name, ["type"] = id.Type };
        foreach (var (name, value) in body.Where(member => member.Key is not ("id" or "name" or "type" or "systemData" or "etag")))
            stored[name] = value?.DeepClone();
        var now = TimeProvider.System.GetUtcNow().ToString("o");
        stored["systemData"] = new JsonObject
        {
            ["createdBy"] = "operator@example.com",
            ["createdAt"] = (string?)was?["systemData"]?["createdAt"] ?? now,
            ["lastModifiedAt"] = now,
        };
        if (provisioningState is not null && stored["properties"] is JsonObject properties)
            properties["provisioningState"] = provisioningState;
        Resources[id.Path] = stored;
        Touch(stored);
        return stored;
    }

    internal void SetState(ArmId id, string state)
    {
        if (Resources.GetValueOrDefault(id.Path) is not { } stored || stored["properties"] is not JsonObject properties)
            return;
        properties["provisioningState"] = state;
        Touch(stored);
    }

    internal void Drop(ArmId id)
    {
        foreach (var path in Resources.Keys.Where(path => path.Equals(id.Path, StringComparison.OrdinalIgnoreCase) || path.StartsWith(id.Path + "/", StringComparison.OrdinalIgnoreCase)).ToList())
            Resources.Remove(path);
    }

    private void Touch(JsonObject stored)
    {
        if (GivesETags)
            stored["etag"] = $"\"{++version:x8}-0000-0500-0000-000000000000\"";
    }
}
