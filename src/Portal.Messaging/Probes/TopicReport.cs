using System.Text.Json.Nodes;
using Portal.Messaging.Connections;

namespace Portal.Messaging.Probes;

/// <summary>Collects what was tried on a topic: exists, read, write, round trip, told apart.</summary>
internal sealed class TopicReport(string topic)
{
    private readonly JsonArray _checks = [];
    private readonly List<Problem> _problems = [];
    private readonly List<string> _good = [];

    public bool HasFailed => _problems.Any(problem => !problem.IsWarning);

    public JsonObject Evidence { get; } = new() { ["topic"] = topic };

    public void Good(string check, string text)
    {
        _good.Add(text);
        Add(check, "passed", text);
    }

    public void Bad(string check, Problem problem)
    {
        _problems.Add(problem);
        Add(check, problem.IsWarning ? "warning" : "failed", problem.Summary ?? problem.Explanation);
    }

    public StageFinding Finding()
    {
        Evidence["checks"] = _checks;
        return StageFinding.Of(_problems, string.Join(", ", _good), Evidence);
    }

    private void Add(string check, string result, string text) =>
        _checks.Add((JsonNode)new JsonObject { ["check"] = check, ["result"] = result, ["text"] = text });
}

/// <summary>The one message that a test writes, when it is asked to.</summary>
internal static class TestMessage
{
    public const string ContentType = "application/json";

    public static byte[] Payload(string id, DateTimeOffset now) =>
        new JsonObject { ["portalConnectionTest"] = id, ["time"] = now.UtcDateTime }.ToJsonString() is var text ? System.Text.Encoding.UTF8.GetBytes(text) : [];
}
