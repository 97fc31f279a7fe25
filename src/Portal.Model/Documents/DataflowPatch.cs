using System.Text.Json.Nodes;
using Portal.Model.Dataflows;

namespace Portal.Model.Documents;

/// <summary>Writes what differs between two dataflows into the document of the first, so that everything else stays as it was.</summary>
internal static class DataflowPatch
{
    private const string Operations = "spec.operations";

    public static void Apply(JsonObject root, JsonPatch change, Dataflow? was, Dataflow now)
    {
        change.Text("spec.profileRef", was?.ProfileRef, now.ProfileRef);
        change.Text("spec.mode", was?.Mode?.ToString(), now.Mode?.ToString());
        change.Text("spec.requestDiskPersistence", was?.RequestDiskPersistence?.ToString(), now.RequestDiskPersistence?.ToString());
        if (was is not null && was.Source == now.Source && was.Transformation == now.Transformation && was.Destination == now.Destination)
            return;
        if (JsonPaths.Find(root, Operations) is not JsonArray operations)
        {
            if ((now.Source ?? now.Transformation ?? (object?)now.Destination) is null)
                return;
            change.Set(Operations, operations = []);
        }
        change.Touch();
        Operation(operations, DataflowJson.SourceType, "sourceSettings", was?.Source, now.Source, source => source.Name, PatchSource);
        Operation(operations, DataflowJson.TransformationType, "builtInTransformationSettings", was?.Transformation, now.Transformation, transformation => transformation.Name, PatchTransformation);
        Operation(operations, DataflowJson.DestinationType, "destinationSettings", was?.Destination, now.Destination, destination => destination.Name, PatchDestination);
    }

    private static void Operation<T>(JsonArray operations, string type, string member, T? was, T? now, Func<T, string?> name, Action<JsonObject, T?, T> patch)
        where T : class
    {
        if (EqualityComparer<T?>.Default.Equals(was, now))
            return;
        var found = operations.OfType<JsonObject>().FirstOrDefault(operation => operation["operationType"] is JsonValue value && value.TryGetValue(out string? text) && text == type);
        if (now is null)
        {
            operations.Remove(found);
            return;
        }
        if (found is null)
        {
            found = new JsonObject { ["operationType"] = type };
            // Destinations stand last: that is the order in which people read them.
            var last = operations.Count > 0 && type != DataflowJson.DestinationType && operations[^1]?["operationType"]?.ToString() == DataflowJson.DestinationType;
            operations.Insert(type == DataflowJson.SourceType ? 0 : last ? operations.Count - 1 : operations.Count, found);
        }
        new JsonPatch(found).Text("name", was is null ? null : name(was), name(now));
        if (found[member] is not JsonObject settings)
            found[member] = settings = [];
        patch(settings, was, now);
    }

    private static void PatchSource(JsonObject settings, DataflowSource? was, DataflowSource now)
    {
        var change = new JsonPatch(settings);
        change.Text("endpointRef", was?.EndpointRef, now.EndpointRef);
        change.Texts("dataSources", was?.DataSources ?? [], now.DataSources);
        change.Text("assetRef", was?.AssetRef, now.AssetRef);
        change.Text("schemaRef", was?.SchemaRef, now.SchemaRef);
        change.Text("serializationFormat", was?.SerializationFormat?.ToString(), now.SerializationFormat?.ToString());
    }

    private static void PatchDestination(JsonObject settings, DataflowDestination? was, DataflowDestination now)
    {
        var change = new JsonPatch(settings);
        change.Text("endpointRef", was?.EndpointRef, now.EndpointRef);
        change.Text("dataDestination", was?.DataDestination, now.DataDestination);
        Items(settings, "headers", was?.Headers ?? [], now.Headers, (item, old, header) =>
        {
            item.Text("actionType", old?.Action?.ToString(), header.Action?.ToString());
            item.Text("key", old?.Key, header.Key);
            item.Text("value", old?.Value, header.Value);
        });
    }

    private static void PatchTransformation(JsonObject settings, Transformation? was, Transformation now)
    {
        var change = new JsonPatch(settings);
        change.Text("serializationFormat", was?.SerializationFormat?.ToString(), now.SerializationFormat?.ToString());
        change.Text("schemaRef", was?.SchemaRef, now.SchemaRef);
        Items(settings, "datasets", was?.Datasets ?? [], now.Datasets, (item, old, dataset) =>
        {
            item.Text("key", old?.Key, dataset.Key);
            item.Texts("inputs", old?.Inputs ?? [], dataset.Inputs);
            item.Text("expression", old?.Expression, dataset.Expression);
            item.Text("schemaRef", old?.SchemaRef, dataset.SchemaRef);
            item.Text("description", old?.Description, dataset.Description);
        });
        Items(settings, "filter", was?.Filters ?? [], now.Filters, (item, old, filter) =>
        {
            item.Text("type", old?.Type?.ToString(), filter.Type?.ToString());
            item.Texts("inputs", old?.Inputs ?? [], filter.Inputs);
            item.Text("expression", old?.Expression, filter.Expression);
            item.Text("description", old?.Description, filter.Description);
        });
        Items(settings, "map", was?.Maps ?? [], now.Maps, (item, old, map) =>
        {
            item.Text("type", old?.Type?.ToString(), map.Type?.ToString());
            item.Texts("inputs", old?.Inputs ?? [], map.Inputs);
            item.Text("expression", old?.Expression, map.Expression);
            item.Text("output", old?.Output, map.Output);
            item.Text("description", old?.Description, map.Description);
        });
    }

    /// <summary>Makes the items of a list: one that is unchanged keeps its text wherever it moved, the others change that of an item that is gone.</summary>
    private static void Items<T>(JsonObject settings, string member, ValueList<T> was, ValueList<T> now, Action<JsonPatch, T?, T> patch)
        where T : class
    {
        if (was == now)
            return;
        if (now.Count == 0)
        {
            settings.Remove(member);
            return;
        }
        var texts = settings[member] as JsonArray ?? [];
        var left = was.Select((item, at) => (Item: item, Text: (JsonObject)texts[at]!)).ToList();
        var kept = now.Select(item => Take(left, left.FindIndex(old => old.Item.Equals(item)))).ToList();
        var made = new JsonArray();
        for (var at = 0; at < now.Count; at++)
        {
            var old = kept[at].Text is not null ? kept[at] : Take(left, left.Count > 0 ? 0 : -1);
            var item = (JsonObject?)old.Text?.DeepClone() ?? [];
            patch(new JsonPatch(item), old.Item, now[at]);
            made.Add(item);
        }
        settings[member] = made;
    }

    private static (T? Item, JsonObject? Text) Take<T>(List<(T Item, JsonObject Text)> left, int at)
        where T : class
    {
        if (at < 0)
            return (null, null);
        var taken = left[at];
        left.RemoveAt(at);
        return taken;
    }
}
