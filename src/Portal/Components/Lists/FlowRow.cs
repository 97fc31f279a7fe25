using Portal.Components.Dataflows;
using Portal.Components.Shared;
using Portal.Messaging.Flows;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Endpoints;
using Portal.Model.Ports;

namespace Portal.Components.Lists;

/// <summary>One dataflow as the lists show it.</summary>
/// <param name="Stored">What is stored.</param>
/// <param name="Flow">The dataflow in it.</param>
/// <param name="Source">Its source endpoint; null when nothing of the name is stored.</param>
/// <param name="Destination">Its destination endpoint; null likewise.</param>
/// <param name="Status">How it stands.</param>
public sealed record FlowRow(StoredResource Stored, Dataflow Flow, DataflowEndpoint? Source, DataflowEndpoint? Destination, FlowStatus Status)
{
    public string Name => Flow.Name;

    public UiState State => FlowWords.State(Status.State);

    public bool Finds(string word) =>
        Has(Name, word) || Has(Flow.Profile, word) || Has(Flow.Source?.EndpointRef, word) || Has(Flow.Destination?.EndpointRef, word)
        || Has(Flow.Destination?.DataDestination, word) || (Flow.Source?.DataSources.Any(topic => Has(topic, word)) ?? false);

    /// <summary>All dataflows of a store with what is known of each, by name.</summary>
    public static IReadOnlyList<FlowRow> From(StoreListing listing, IFlowService flows)
    {
        var endpoints = listing.Of(ResourceKind.DataflowEndpoint).Select(stored => (DataflowEndpoint)stored.Value).DistinctBy(endpoint => endpoint.Name).ToDictionary(endpoint => endpoint.Name, StringComparer.Ordinal);
        return
        [
            .. listing.Of(ResourceKind.Dataflow).Select(stored => (stored, (Dataflow)stored.Value)).OrderBy(pair => pair.Item2.Name, StringComparer.Ordinal)
                .Select(pair => new FlowRow(
                    pair.stored, pair.Item2, endpoints.GetValueOrDefault(pair.Item2.Source?.EndpointRef ?? ""), endpoints.GetValueOrDefault(pair.Item2.Destination?.EndpointRef ?? ""),
                    flows.StatusOf(pair.Item2.Name))),
        ];
    }

    private static bool Has(string? text, string word) => text is not null && text.Contains(word, StringComparison.OrdinalIgnoreCase);
}
