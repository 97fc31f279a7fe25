using Portal.Messaging.Probes;
using Portal.Model.Endpoints;

namespace Portal.Components.Testing;

/// <summary>What the user asks of a test beyond the connection itself. Writing happens only when asked for.</summary>
public sealed class TestOptionsOfPage
{
    public string Topic { get; set; } = "";

    public bool Read { get; set; } = true;

    public bool Write { get; set; }

    public bool RoundTrip { get; set; }

    /// <summary>Ordinal of the flow host to test from; null = this portal.</summary>
    public int? FlowHost { get; set; }

    public bool HasTopic => !string.IsNullOrWhiteSpace(Topic);

    public TestRequest RequestFor(DataflowEndpoint endpoint, EndpointKind kind) => new(endpoint)
    {
        Kind = kind,
        FlowHost = FlowHost,
        Topic = HasTopic ? Topic.Trim() : null,
        Read = HasTopic && Read,
        Write = HasTopic && Write,
        RoundTrip = HasTopic && RoundTrip,
    };
}
