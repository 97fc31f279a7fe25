using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Model.Documents;

/// <summary>JSON text as documents hold it: nothing escaped that need not be.</summary>
internal static class JsonText
{
    /// <summary>Deepest nesting that is read or written.</summary>
    public const int MostDepth = 60;

    private static readonly JsonSerializerOptions CompactOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MostDepth + 4 };

    private static readonly JsonSerializerOptions IndentedOptions = new(CompactOptions) { WriteIndented = true, NewLine = "\n" };

    public static string Compact(JsonNode node) => node.ToJsonString(CompactOptions);

    /// <summary>Two spaces a level, without a newline at the end.</summary>
    public static string Indented(JsonNode node) => node.ToJsonString(IndentedOptions);

    /// <summary>Text of a leaf as people read it: strings bare, everything else as JSON.</summary>
    public static string? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonValue value when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
        _ => Compact(node),
    };
}
