using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Validation;

namespace Portal.Model.Documents;

/// <summary>The <c>spec</c> of a Dataflow and of a DataflowProfile: what the records hold of it; the rest is kept.</summary>
internal static class DataflowJson
{
    private static readonly MemberNames DataflowNames = new(["spec.profileRef", "spec.mode", "spec.operations"]);

    private static readonly MemberNames ProfileNames = new(["spec.instanceCount", "spec.diagnostics"]);

    public static Dataflow ReadDataflow(ShapeReader shape, string name)
    {
        shape.CheckNames(DataflowNames);
        return new Dataflow
        {
            Name = name,
            ProfileRef = shape.Text("spec.profileRef"),
            Mode = ReadMode(shape),
            Uses = [.. ReadUses(shape)],
        };
    }

    public static DataflowProfile ReadProfile(ShapeReader shape, string name)
    {
        shape.CheckNames(ProfileNames);
        const string path = "spec.instanceCount";
        var node = shape.Find(path);
        if (node is null)
            return new DataflowProfile { Name = name };
        if (node.GetValueKind() is JsonValueKind.Number && long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count))
            return new DataflowProfile { Name = name, InstanceCount = count };
        shape.Add(Finding.Error("not-a-number", path, "The instance count is not a whole number.", "Write a whole number from 1 to 20."));
        return new DataflowProfile { Name = name };
    }

    public static void Patch(JsonPatch change, Dataflow? was, Dataflow now)
    {
        change.Text("spec.profileRef", was?.ProfileRef, now.ProfileRef);
        change.Text("spec.mode", was?.Mode?.ToString(), now.Mode?.ToString());
        if (was is null && now.Uses.Length > 0)
            change.Set("spec.operations", new JsonArray([.. now.Uses.Select(WriteUse)]));
    }

    public static void Patch(JsonPatch change, DataflowProfile? was, DataflowProfile now)
    {
        if (was is null)
            change.Ensure("spec");
        if (was?.InstanceCount != now.InstanceCount)
            change.Set("spec.instanceCount", now.InstanceCount is { } count ? JsonValue.Create(count) : null);
    }

    private static JsonObject WriteUse(EndpointUse use) => new()
    {
        ["operationType"] = use.IsSource ? "Source" : "Destination",
        [use.IsSource ? "sourceSettings" : "destinationSettings"] = new JsonObject { ["endpointRef"] = use.Endpoint },
    };

    private static OperationalMode? ReadMode(ShapeReader shape)
    {
        const string path = "spec.mode";
        var text = shape.Text(path);
        if (text is null)
            return null;
        if (Enum.GetNames<OperationalMode>().Contains(text))
            return Enum.Parse<OperationalMode>(text);
        shape.Add(Finding.Error("unknown-value", path, $"The mode has no value '{text}'.", "Write one of Enabled, Disabled."));
        return null;
    }

    private static IEnumerable<EndpointUse> ReadUses(ShapeReader shape)
    {
        var operations = shape.List("spec.operations") ?? [];
        for (var at = 0; at < operations.Count; at++)
        {
            var path = string.Create(CultureInfo.InvariantCulture, $"spec.operations[{at}]");
            if (operations[at] is not JsonObject operation)
            {
                shape.Add(Finding.Error("not-an-object", path, $"{path} must be an object with members.", "Write for example operationType: Source."));
                continue;
            }
            foreach (var (member, isSource) in new[] { ("sourceSettings", true), ("destinationSettings", false) })
                if (operation[member] is JsonObject settings && settings["endpointRef"] is { } reference)
                {
                    if (reference.GetValueKind() is JsonValueKind.String)
                        yield return new EndpointUse(reference.GetValue<string>(), isSource);
                    else
                        shape.Add(Finding.Error("not-a-text", $"{path}.{member}.endpointRef", "The endpointRef must be a text.", "Write the name of the endpoint in quotes."));
                }
        }
    }
}
