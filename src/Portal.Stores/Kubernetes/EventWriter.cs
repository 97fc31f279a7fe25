using System.Threading.Channels;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Portal.Model;

namespace Portal.Stores.Kubernetes;

/// <summary>Writes an Event beside what the portal did, so that 'kubectl describe' tells it. Never holds a change up.</summary>
internal sealed class EventWriter(KubernetesCalls calls, TimeProvider time, ILogger logger)
{
    private const int MostWaiting = 1000;

    private readonly Channel<Eventsv1Event> waiting = Channel.CreateBounded<Eventsv1Event>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Write(ResourceKind kind, string name, string? uid, string reason, string action)
    {
        var now = time.GetUtcNow().UtcDateTime;
        waiting.Writer.TryWrite(new Eventsv1Event
        {
            ApiVersion = "events.k8s.io/v1",
            Kind = "Event",
            // As the recorders of Kubernetes name them.
            Metadata = new V1ObjectMeta { Name = $"{name}.{now.Ticks:x}", NamespaceProperty = calls.Connection.Namespace },
            EventTime = now,
            Action = action,
            Reason = reason,
            Note = $"{reason} by the portal.",
            Type = "Normal",
            ReportingController = "portal",
            ReportingInstance = Environment.MachineName,
            Regarding = new V1ObjectReference { ApiVersion = Resource.ApiVersion, Kind = kind.ToString(), Name = name, NamespaceProperty = calls.Connection.Namespace, Uid = uid },
        });
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var entry in waiting.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
            {
                try
                {
                    await calls.ReadAsync(client => client.EventsV1.CreateNamespacedEventAsync(entry, calls.Connection.Namespace, fieldManager: KubernetesConnection.FieldManager, cancellationToken: stopping), stopping).ConfigureAwait(false);
                }
                catch (KubernetesFault fault) when (fault.Code != 409)
                {
                    logger.EventNotWritten(entry.Regarding.Name, fault.Message);
                }
                catch (KubernetesFault)
                {
                    // A second try of one that was written.
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }
}
