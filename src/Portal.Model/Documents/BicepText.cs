using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Portal.Model.Endpoints;

namespace Portal.Model.Documents;

/// <summary>Bicep as the documentation writes it: parameters, existing instance and custom location, the endpoint.</summary>
internal static partial class BicepText
{
    [GeneratedRegex("^[a-zA-Z_][a-zA-Z0-9_]*\\z")]
    private static partial Regex Identifier();

    public static DocumentText Write(DataflowEndpoint endpoint, DocumentOptions options)
    {
        var form = AzureForm.Of(endpoint, options);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            param aioInstanceName string = {Text(options.Instance)}
            param customLocationName string = {Text(options.CustomLocation)}
            param endpointName string = {Text(AzureForm.NameOf(endpoint))}


            """);
        Surroundings(text, options);
        text.Append(CultureInfo.InvariantCulture, $"""

            resource dataflowEndpoint {Text("Microsoft.IoTOperations/instances/dataflowEndpoints@" + options.ApiVersion)} = {Open}
              parent: aioInstance
              name: endpointName
              extendedLocation: {Open}
                name: customLocation.id
                type: 'CustomLocation'
              {Close}
              properties:
            """);
        text.Append(' ');
        Value(text, form.Properties, 2);
        return new DocumentText(text.Append("\n}\n").ToString(), form.Notes);
    }

    private const string Open = "{";
    private const string Close = "}";

    /// <summary>Instance and custom location, which must be there already.</summary>
    internal static void Surroundings(StringBuilder text, DocumentOptions options) => text.Append(CultureInfo.InvariantCulture, $"""
        resource aioInstance {Text("Microsoft.IoTOperations/instances@" + options.ApiVersion)} existing = {Open}
          name: aioInstanceName
        {Close}

        resource customLocation 'Microsoft.ExtendedLocation/customLocations@2021-08-31-preview' existing = {Open}
          name: customLocationName
        {Close}

        """);

    internal static void Value(StringBuilder text, JsonNode? node, int indent)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } members:
                text.Append("{\n");
                foreach (var (name, value) in members)
                {
                    text.Append(' ', indent + 2).Append(Identifier().IsMatch(name) ? name : Text(name)).Append(": ");
                    Value(text, value, indent + 2);
                    text.Append('\n');
                }
                text.Append(' ', indent).Append('}');
                break;
            case JsonArray { Count: > 0 } items:
                text.Append("[\n");
                foreach (var item in items)
                {
                    text.Append(' ', indent + 2);
                    Value(text, item, indent + 2);
                    text.Append('\n');
                }
                text.Append(' ', indent).Append(']');
                break;
            default:
                text.Append(Leaf(node));
                break;
        }
    }

    private static string Leaf(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when node.GetValueKind() is JsonValueKind.String => Text(node.GetValue<string>()),
        _ when node.GetValueKind() is JsonValueKind.Number && !long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) =>
            // Bicep has whole numbers only.
            $"json('{node.ToJsonString()}')",
        _ => node.ToJsonString(),
    };

    /// <summary>A string literal.</summary>
    internal static string Text(string value)
    {
        var quoted = new StringBuilder("'");
        for (var at = 0; at < value.Length; at++)
            quoted.Append(value[at] switch
            {
                '\'' => "\\'",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '$' when at + 1 < value.Length && value[at + 1] == '{' => "\\$",
                var c when char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' => string.Create(CultureInfo.InvariantCulture, $"\\u{{{(int)c:x}}}"),
                var c => c.ToString(),
            });
        return quoted.Append('\'').ToString();
    }
}
