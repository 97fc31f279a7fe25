using System.Text.Encodings.Web;
using System.Text.Json;

namespace Portal.Api;

internal static class ApiJson
{
    /// <summary>On one line, with letters of every language as they are.</summary>
    public static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
