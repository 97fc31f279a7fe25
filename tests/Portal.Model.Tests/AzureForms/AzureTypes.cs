using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Bicep.Types;
using Azure.Bicep.Types.Az;
using Azure.Bicep.Types.Concrete;

namespace Portal.Model.Tests.AzureForms;

/// <summary>The resource types that Azure publishes for Bicep: members, required ones, enums, ranges and patterns.</summary>
internal static class AzureTypes
{
    private static readonly AzTypeLoader Loader = new();
    private static readonly Lazy<IReadOnlyDictionary<string, CrossFileTypeReference>> Index = new(() => Loader.LoadTypeIndex().Resources);

    private static readonly ConcurrentDictionary<string, ObjectType> Bodies = new();

    /// <summary>Type of <c>properties</c> of a dataflow endpoint.</summary>
    public static ObjectType Properties(string version) => (ObjectType)Body(version).Properties["properties"].Type.Type;

    public static ObjectType Body(string version) => Bodies.GetOrAdd(version, static version =>
        (ObjectType)Loader.LoadResourceType(Index.Value["Microsoft.IoTOperations/instances/dataflowEndpoints@" + version]).Body.Type);

    /// <summary>What a value breaks of its type.</summary>
    public static IEnumerable<string> Problems(TypeBase type, JsonNode? value, string path) => type switch
    {
        ObjectType members when value is JsonObject given => MemberProblems(members, given, path),
        UnionType union => Values(union).Contains(Text(value)) ? [] : [$"{path}: {value?.ToJsonString()} is none of {string.Join(", ", Values(union))}"],
        StringLiteralType literal => Text(value) == literal.Value ? [] : [$"{path}: {value?.ToJsonString()} is not {literal.Value}"],
        StringType text => TextProblems(text, Text(value), path),
        IntegerType number when value?.GetValueKind() is JsonValueKind.Number => NumberProblems(number, (long)value, path),
        AnyType => [],
        _ => [$"{path}: {value?.ToJsonString()} is no {type.GetType().Name}"],
    };

    /// <summary>Values of an enum. The published ones are open (any text may stand there); here only the named ones count.</summary>
    public static IReadOnlyList<string> Values(UnionType union) => [.. union.Elements.Select(element => element.Type).OfType<StringLiteralType>().Select(literal => literal.Value)];

    private static IEnumerable<string> MemberProblems(ObjectType type, JsonObject given, string path)
    {
        foreach (var (name, property) in type.Properties)
            if (property.Flags.HasFlag(ObjectTypePropertyFlags.Required) && given[name] is null)
                yield return $"{path}.{name} is required";
        foreach (var (name, value) in given)
        {
            if (!type.Properties.TryGetValue(name, out var property))
                yield return $"{path}.{name} is unknown";
            else if (property.Flags.HasFlag(ObjectTypePropertyFlags.ReadOnly))
                yield return $"{path}.{name} is read-only";
            else
                foreach (var problem in Problems(property.Type.Type, value, path + "." + name))
                    yield return problem;
        }
    }

    private static IEnumerable<string> TextProblems(StringType type, string? text, string path)
    {
        if (text is null)
            yield return $"{path} is no text";
        else if (text.Length < (type.MinLength ?? 0) || text.Length > (type.MaxLength ?? long.MaxValue) || (type.Pattern is { } pattern && !Regex.IsMatch(text, pattern)))
            yield return $"{path}: '{text}' breaks {type.MinLength}..{type.MaxLength} {type.Pattern}";
    }

    private static IEnumerable<string> NumberProblems(IntegerType type, long number, string path)
    {
        if (number < (type.MinValue ?? long.MinValue) || number > (type.MaxValue ?? long.MaxValue))
            yield return $"{path}: {number} breaks {type.MinValue}..{type.MaxValue}";
    }

    private static string? Text(JsonNode? value) => value?.GetValueKind() is JsonValueKind.String ? (string?)value : null;
}
