using System.Text;
using System.Text.Json;
using Portal.Model.Dataflows.Expressions;

namespace Portal.Messaging.Flows;

/// <summary>One field of a payload: where it stands and what it holds.</summary>
internal sealed record JsonField(string[] Path, JsonElement Value);

/// <summary>The fields of one message that rules can name.</summary>
internal sealed class FieldReader(Message message, JsonElement? payload)
{
    private List<JsonField>? _leaves;

    /// <summary>Every field that holds no members, in the order of the payload; lists and empty objects are such.</summary>
    public IReadOnlyList<JsonField> Leaves
    {
        get
        {
            if (_leaves is null)
            {
                _leaves = [];
                if (payload is { } root)
                    Collect(root, []);
            }
            return _leaves;
        }
    }

    /// <summary>The element at a path of the payload; null when there is none.</summary>
    public JsonElement? Element(ReadOnlySpan<string> path)
    {
        if (payload is not { } at)
            return null;
        foreach (var name in path)
            if (at.ValueKind is not JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        return at;
    }

    /// <summary>The value of a path without a wildcard; missing when there is none.</summary>
    public ExpressionValue Value(FieldPath path) => path.Root switch
    {
        FieldRoot.Payload => Element(path.Segments.Items.AsSpan()) is { } element ? ExpressionValue.Of(element) : default,
        FieldRoot.Topic => ExpressionValue.Of(message.Topic),
        FieldRoot.ContentType => message.ContentType is { } type ? ExpressionValue.Of(type) : default,
        _ => Property(path.Segments[0]),
    };

    private ExpressionValue Property(string name)
    {
        foreach (var property in message.Properties)
            if (property.Name == name && property.Value is { } value)
                return ExpressionValue.Of(Encoding.UTF8.GetString(value.Span));
        return default;
    }

    private void Collect(JsonElement parent, string[] path)
    {
        foreach (var member in parent.EnumerateObject())
        {
            string[] below = [.. path, member.Name];
            if (member.Value.ValueKind is JsonValueKind.Object && member.Value.GetPropertyCount() > 0)
                Collect(member.Value, below);
            else
                _leaves!.Add(new JsonField(below, member.Value));
        }
    }
}
