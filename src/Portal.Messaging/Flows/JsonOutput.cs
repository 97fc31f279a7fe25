using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Portal.Model.Dataflows.Expressions;

namespace Portal.Messaging.Flows;

/// <summary>A JSON object that rules fill field by field; copied fields keep their digits.</summary>
internal sealed class JsonOutput
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Member _root = new();

    /// <summary>Sets a field and makes the objects around it; a missing value leaves it out.</summary>
    /// <param name="path">Names from the root on.</param>
    /// <param name="element">A value to copy; null = <paramref name="value"/> counts.</param>
    /// <param name="value">A value that was calculated.</param>
    public void Set(ReadOnlySpan<string> path, JsonElement? element, ExpressionValue value)
    {
        if (element is null && (value.IsEmpty || (value.Kind is ExpressionKind.Float && !double.IsFinite(value.Number))))
            return;
        var at = _root;
        foreach (var name in path)
            at = at.Below(name);
        at.Become(element, value);
    }

    public byte[] ToBytes()
    {
        var into = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(into, _options))
            _root.Write(writer);
        return into.WrittenSpan.ToArray();
    }

    private sealed class Member
    {
        private OrderedDictionary<string, Member>? _members;
        private JsonElement? _element;
        private ExpressionValue _value;

        public Member Below(string name)
        {
            if (_members is null)
            {
                _members = new OrderedDictionary<string, Member>(StringComparer.Ordinal);
                // A copied object goes on as its members, so that one of them can be set.
                if (_element is { ValueKind: JsonValueKind.Object } copied)
                    foreach (var member in copied.EnumerateObject())
                        Below(member.Name).Become(member.Value, default);
                _element = null;
            }
            if (!_members.TryGetValue(name, out var below))
                _members[name] = below = new Member();
            return below;
        }

        public void Become(JsonElement? element, ExpressionValue value) => (_members, _element, _value) = (null, element, value);

        public void Write(Utf8JsonWriter writer)
        {
            if (_element is { } element)
            {
                element.WriteTo(writer);
            }
            else if (_members is null && _value.Kind is not ExpressionKind.Empty)
            {
                WriteValue(writer, _value);
            }
            else
            {
                writer.WriteStartObject();
                foreach (var (name, member) in _members ?? [])
                {
                    writer.WritePropertyName(name);
                    member.Write(writer);
                }
                writer.WriteEndObject();
            }
        }

        private static void WriteValue(Utf8JsonWriter writer, ExpressionValue value)
        {
            switch (value.Kind)
            {
                case ExpressionKind.Boolean:
                    writer.WriteBooleanValue(value.IsTrue);
                    break;
                case ExpressionKind.Int:
                    writer.WriteNumberValue(value.Int);
                    break;
                case ExpressionKind.Float when double.IsFinite(value.Number):
                    writer.WriteNumberValue(value.Number);
                    break;
                case ExpressionKind.Text:
                    writer.WriteStringValue(value.Text);
                    break;
                case ExpressionKind.Json:
                    value.Element.WriteTo(writer);
                    break;
                case ExpressionKind.Tuple:
                    writer.WriteStartArray();
                    foreach (var item in value.Items)
                        WriteValue(writer, item);
                    writer.WriteEndArray();
                    break;
                default:
                    writer.WriteNullValue();
                    break;
            }
        }
    }
}
