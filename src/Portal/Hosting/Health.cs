using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Portal.Messaging.Flows;
using Portal.Model.Ports;
using Portal.Targets;

namespace Portal.Hosting;

/// <summary>Health, metrics and traces. Ready does not depend on brokers: a broker that is down is the page's to show.</summary>
internal static class Health
{
    private const string ReadyTag = "ready";
    private const string FlowsTag = "flows";
    private const string Collector = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static IServiceCollection AddPortalHealth(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHealthChecks()
            .AddCheck<StoreHealthCheck>("store", tags: [ReadyTag])
            .AddCheck<FlowHealthCheck>("dataflows", tags: [FlowsTag]);
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("portal"))
            .WithMetrics(metrics => metrics
                .AddMeter("Portal.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
                .AddPrometheusExporter());
        // Without a collector nobody listens, and traces cost nothing. The exporter reads the other OTEL_ variables by itself.
        if (!string.IsNullOrWhiteSpace(configuration[Collector]))
            telemetry.WithTracing(traces => traces.AddSource("Portal.*").AddOtlpExporter()).WithMetrics(metrics => metrics.AddOtlpExporter());
        return services;
    }

    public static void MapPortalHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadyTag) });
        // For whoever watches: a dataflow that waits is no reason to restart the portal.
        app.MapHealthChecks("/healthz/flows", new HealthCheckOptions { Predicate = check => check.Tags.Contains(FlowsTag), ResponseWriter = WriteAsync });
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsync(string.Join('\n', report.Entries.Values.Select(entry => entry.Description).Prepend(report.Status.ToString())), context.RequestAborted);

    /// <summary>Degraded while a dataflow does not do what it shall; names it with the reason.</summary>
    private sealed class FlowHealthCheck(TargetSet targets) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var all = targets.All.SelectMany(target => target.Get<IFlowService>().All()).ToList();
            var lines = all.Select(flow => flow.Problem is { } problem ? $"{flow.Name}: {flow.State}, {problem.Code}: {problem.Message}" : $"{flow.Name}: {flow.State}");
            var text = string.Join('\n', lines.DefaultIfEmpty("no dataflows"));
            return Task.FromResult(
                all.Any(flow => flow.State is FlowState.Failed or FlowState.WaitingForSource or FlowState.WaitingForDestination or FlowState.Unknown)
                    ? HealthCheckResult.Degraded(text)
                    : HealthCheckResult.Healthy(text));
        }
    }

    /// <summary>Ready when the store answers.</summary>
    private sealed class StoreHealthCheck(IResourceStore store) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var listing = await store.ListAsync(cancellationToken);
            return HealthCheckResult.Healthy($"{listing.Resources.Count} resources");
        }
    }
}
