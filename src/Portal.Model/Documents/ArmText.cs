using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Model.Endpoints;

namespace Portal.Model.Documents;

/// <summary>A deployment template with the endpoint, as the Bicep compiler would write it.</summary>
internal static class ArmText
{
    public const string ResourceType = "Microsoft.IoTOperations/instances/dataflowEndpoints";

    public const string Schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

    public static DocumentText Write(DataflowEndpoint endpoint, DocumentOptions options)
    {
        var form = AzureForm.Of(endpoint, options);
        var template = new JsonObject
        {
            ["$schema"] = Schema,
            ["contentVersion"] = "1.0.0.0",
            ["parameters"] = new JsonObject
            {
                ["aioInstanceName"] = Parameter(options.Instance),
                ["customLocationName"] = Parameter(options.CustomLocation),
                ["endpointName"] = Parameter(AzureForm.NameOf(endpoint)),
            },
            ["resources"] = new JsonArray(new JsonObject
            {
                ["type"] = ResourceType,
                ["apiVersion"] = options.ApiVersion,
                ["name"] = "[format('{0}/{1}', parameters('aioInstanceName'), parameters('endpointName'))]",
                ["extendedLocation"] = ExtendedLocation(),
                ["properties"] = Escape(form.Properties),
            }),
        };
        return new DocumentText(JsonText.Indented(template) + "\n", form.Notes);
    }

    internal static JsonObject ExtendedLocation() => new()
    {
        ["name"] = "[resourceId('Microsoft.ExtendedLocation/customLocations', parameters('customLocationName'))]",
        ["type"] = "CustomLocation",
    };

    internal static JsonObject Parameter(string value) => new() { ["type"] = "string", ["defaultValue"] = Escape(value) };

    /// <summary>In a template a text in brackets is an expression, unless it starts with two.</summary>
    internal static string Escape(string value) => value.StartsWith('[') && value.EndsWith(']') ? "[" + value : value;

    internal static JsonNode? Escape(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Escape(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Escape)]),
        not null when node.GetValueKind() is JsonValueKind.String => JsonValue.Create(Escape(node.GetValue<string>())),
        _ => node?.DeepClone(),
    };
}
