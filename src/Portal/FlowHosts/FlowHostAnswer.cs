using System.Text.Json;
using System.Text.Json.Serialization;
using Portal.Messaging.Flows;

namespace Portal.FlowHosts;

/// <summary>What a flow host tells a portal of its dataflows: <c>GET /api/v1/flows</c>.</summary>
/// <param name="InstanceId">Its ordinal.</param>
/// <param name="FlowHosts">How many flow hosts it knows of.</param>
/// <param name="Machine">Name of its machine.</param>
/// <param name="Items">Its part of every dataflow that it knows.</param>
internal sealed record FlowHostAnswer(int InstanceId, int FlowHosts, string Machine, IReadOnlyList<FlowHostItem> Items)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public FlowStatus? Find(string dataflow) => Items.FirstOrDefault(item => item.Status.Name == dataflow)?.Status;
}

/// <summary>One dataflow on a flow host.</summary>
/// <param name="Status">How its instances there stand.</param>
/// <param name="Points">Points of the charts since the moment that was asked for.</param>
internal sealed record FlowHostItem(FlowStatus Status, IReadOnlyList<FlowPoint> Points);

/// <summary>Why a flow host gives no answer.</summary>
/// <param name="Code">Stable cause, for example <c>flow-host-silent</c>.</param>
/// <param name="Message">What is wrong, in plain words.</param>
/// <param name="Fix">What to do about it.</param>
internal sealed record FlowHostProblem(string Code, string Message, string Fix);
