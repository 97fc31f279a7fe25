using Portal.Model.Dataflows;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Flows;

/// <summary>Everything that a running dataflow depends on; when any of it changes, it is started anew.</summary>
internal sealed record FlowSpec(Dataflow Dataflow, DataflowEndpoint Source, DataflowEndpoint Destination, int Instances);
