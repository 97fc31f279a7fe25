using System.Diagnostics;

namespace Portal.Messaging.Flows;

/// <summary>Traces of dataflows: one activity for each connection, from dialling to its end.</summary>
internal static class FlowTraces
{
    public const string Name = "Portal.Flows";

    public static ActivitySource Source { get; } = new(Name);
}
