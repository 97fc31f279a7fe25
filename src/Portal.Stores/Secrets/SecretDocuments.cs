using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Stores.Secrets;

/// <summary>A secret of the vault as its file holds it: the value is encrypted.</summary>
internal sealed record VaultDocument(
    string Name, DateTimeOffset Updated, string Protected, DateTimeOffset? ActivationDate = null, DateTimeOffset? ExpirationDate = null);

/// <summary>A synced secret as its file holds it.</summary>
internal sealed record SyncedDocument(string Name, Dictionary<string, string> Entries);

/// <summary>How the files of the vault are written.</summary>
internal static class SecretDocuments
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    public static byte[] Write<T>(T document) => [.. JsonSerializer.SerializeToUtf8Bytes(document, Options), (byte)'\n'];

    /// <exception cref="JsonException">The file is not such a document.</exception>
    public static T Read<T>(ReadOnlySpan<byte> text) => JsonSerializer.Deserialize<T>(text, Options) ?? throw new JsonException("The file holds null.");
}
