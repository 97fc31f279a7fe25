using System.Diagnostics;
using Portal.Model.Documents;
using Portal.Model.Endpoints;
using Portal.Model.Fields;
using Portal.Model.Validation;

namespace Portal.Benchmarks;

/// <summary>What one key stroke costs on the server apart from rendering: the new record, its findings and all four documents.</summary>
internal static class TypingBenchmark
{
    private const int Warmup = 200;
    private const int Strokes = 2_000;

    public static void Run()
    {
        foreach (var kind in EndpointKind.All)
        {
            var endpoint = kind.New("line3-broker");
            var host = EndpointFields.For(kind).First(field => field.Label == "Host");
            for (var stroke = 0; stroke < Warmup; stroke++)
                endpoint = Stroke(endpoint, host, kind, stroke);
            var times = new List<TimeSpan>(Strokes);
            for (var stroke = 0; stroke < Strokes; stroke++)
            {
                var clock = Stopwatch.GetTimestamp();
                endpoint = Stroke(endpoint, host, kind, stroke);
                times.Add(Stopwatch.GetElapsedTime(clock));
            }
            var sorted = times.Order().ToList();
            Console.WriteLine($"key stroke, {kind.Id}: p50 {sorted[Strokes / 2].TotalMilliseconds:F3} ms, p99 {sorted[Strokes * 99 / 100].TotalMilliseconds:F3} ms");
        }
    }

    private static DataflowEndpoint Stroke(DataflowEndpoint endpoint, EndpointField host, EndpointKind kind, int stroke)
    {
        var typed = host.SetText(endpoint, $"broker-{stroke}.example:8883").Endpoint;
        var length = EndpointValidator.Validate(typed, kind).Count;
        foreach (var format in Enum.GetValues<DocumentFormat>())
            length += EndpointDocuments.Write(typed, format, new DocumentOptions { Kind = kind }).Text.Length;
        return length > 0 ? typed : endpoint;
    }
}
