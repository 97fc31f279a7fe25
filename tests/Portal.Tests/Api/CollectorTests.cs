using System.Net;
using System.Text;
using Portal.Tests.Shared;

namespace Portal.Tests.Api;

public sealed class CollectorTests
{
    [Fact]
    public async Task Traces_and_metrics_go_to_the_collector_that_the_standard_variable_names()
    {
        var seen = new Dictionary<string, string>();
        var port = FreePort.Next();
        using var collector = new HttpListener();
        collector.Prefixes.Add($"http://127.0.0.1:{port}/");
        collector.Start();
        using var portal = PortalHost.With(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{port}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "200"));
        const string Closed = "127.0.0.1:9";
        foreach (var (path, spec) in new[]
        {
            ("endpoints/here", $"kind: DataflowEndpoint\nmetadata:\n  name: here\nspec:\n  endpointType: Mqtt\n  mqttSettings:\n    host: {Closed}\n    authentication:\n      method: Anonymous\n    tls:\n      mode: Disabled\n"),
            ("dataflows/traced-flow", "kind: Dataflow\nmetadata:\n  name: traced-flow\nspec:\n  operations:\n    - operationType: Source\n      sourceSettings:\n        endpointRef: here\n        dataSources:\n          - line3/#\n    - operationType: Destination\n      destinationSettings:\n        endpointRef: here\n        dataDestination: copied\n"),
        })
            Assert.Equal(201, (await portal.SendAsync(HttpMethod.Put, path, "apiVersion: connectivity.iotoperations.azure.com/v1\n" + spec)).Status);
        while (!(seen.GetValueOrDefault("/v1/traces", "").Contains("portal.flow.connection traced-flow", StringComparison.Ordinal) && seen.GetValueOrDefault("/v1/metrics", "").Contains("portal.flow.received", StringComparison.Ordinal)))
        {
            var request = await collector.GetContextAsync().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(request.Request.InputStream, Encoding.Latin1);
            seen[request.Request.Url!.AbsolutePath] = seen.GetValueOrDefault(request.Request.Url.AbsolutePath, "") + await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            request.Response.Close();
        }

        Assert.Equal(["/v1/metrics", "/v1/traces"], seen.Keys.Order());
    }
}
