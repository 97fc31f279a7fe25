using System.Text.Encodings.Web;
using System.Text.Json;

namespace Portal.Api;

internal static class ApiJson
{
    /// <summary>Indented, and with letters of every language as they are.</summary>
    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
