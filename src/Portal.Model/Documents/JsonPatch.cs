using System.Text.Json.Nodes;

namespace Portal.Model.Documents;

/// <summary>Changes of one document that remember whether there was any.</summary>
internal sealed class JsonPatch(JsonObject root)
{
    /// <summary>True when something was changed.</summary>
    public bool Any { get; private set; }

    /// <summary>Sets or removes a text that differs.</summary>
    public void Text(string path, string? was, string? now)
    {
        if (was != now)
            Set(path, now is null ? null : JsonValue.Create(now));
    }

    /// <summary>Sets or removes a number that differs.</summary>
    public void Number(string path, long? was, long? now)
    {
        if (was != now)
            Set(path, now is null ? null : JsonValue.Create(now.Value));
    }

    /// <summary>Sets or removes a list of texts that differs.</summary>
    public void Texts(string path, ValueList<string> was, ValueList<string> now)
    {
        if (was != now)
            Set(path, now.Count == 0 ? null : new JsonArray([.. now.Select(text => (JsonNode)JsonValue.Create(text))]));
    }

    /// <summary>Notes a change that was made below.</summary>
    public void Touch() => Any = true;

    /// <summary>Sets a member; null removes it and what becomes empty by that.</summary>
    public void Set(string path, JsonNode? value, params ReadOnlySpan<string> stay)
    {
        Any = true;
        if (value is null)
            JsonPaths.Remove(root, path, stay);
        else
            JsonPaths.Set(root, path, value);
    }

    /// <summary>Makes sure that an object stands at a path.</summary>
    public void Ensure(string path)
    {
        Any = true;
        JsonPaths.Ensure(root, path);
    }
}
