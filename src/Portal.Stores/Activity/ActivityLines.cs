using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Model.Ports;

namespace Portal.Stores.Activity;

/// <summary>An activity as a line of JSON, both directions.</summary>
internal static class ActivityLines
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The line with its end. The position in the log says the id, so it is not written.</summary>
    public static byte[] Write(ActivityEntry entry) => [.. JsonSerializer.SerializeToUtf8Bytes(Line.Of(entry), Options), (byte)'\n'];

    /// <summary>The entry; null when the bytes are not one.</summary>
    public static ActivityEntry? Read(ReadOnlySpan<byte> line, long id)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(line, Options)?.ToEntry(id);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The bytes that every line of a subject holds: most lines need no parsing then.</summary>
    public static byte[] MarkOf(string subject) => Encoding.UTF8.GetBytes($"\"subject\":{JsonSerializer.Serialize(subject, Options)}");

    private sealed record Line(
        DateTimeOffset At, string Who, ActivityAction Action, string SubjectKind, string Subject, string Summary, string? Before = null, string? After = null)
    {
        public static Line Of(ActivityEntry entry)
            => new(entry.At, entry.Who, entry.Action, entry.SubjectKind, entry.Subject, entry.Summary, entry.Before, entry.After);

        public ActivityEntry ToEntry(long id) => new(At, Who, Action, SubjectKind, Subject, Summary, Before, After) { Id = id };
    }
}
