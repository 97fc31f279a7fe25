using Portal.Model.Dataflows;

namespace Portal.Model.Documents;

/// <summary>The <c>spec</c> of a DataflowProfile.</summary>
internal static class ProfileJson
{
    private const string Runtime = "metadata.annotations.portal/runtime";

    private static readonly MemberNames Names = new(["spec.instanceCount", "spec.diagnostics.logs.level", "spec.diagnostics.metrics.prometheusPort"]);

    public static DataflowProfile Read(ShapeReader shape, string name)
    {
        shape.CheckNames(Names);
        return new DataflowProfile
        {
            Name = name,
            Runtime = shape.Text(Runtime),
            InstanceCount = shape.Number("spec.instanceCount"),
            LogLevel = shape.Text("spec.diagnostics.logs.level"),
            PrometheusPort = shape.Number("spec.diagnostics.metrics.prometheusPort"),
        };
    }

    public static void Patch(JsonPatch change, DataflowProfile? was, DataflowProfile now)
    {
        change.Text(Runtime, was?.Runtime, now.Runtime);
        if (was is null)
            change.Ensure("spec");
        change.Number("spec.instanceCount", was?.InstanceCount, now.InstanceCount);
        change.Text("spec.diagnostics.logs.level", was?.LogLevel, now.LogLevel);
        change.Number("spec.diagnostics.metrics.prometheusPort", was?.PrometheusPort, now.PrometheusPort);
    }
}
