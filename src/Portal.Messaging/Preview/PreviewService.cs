using Microsoft.Extensions.Logging;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;
using Portal.Messaging.Mqtt;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Preview;

/// <summary>Shares readers between viewers. A reader starts with its first viewer and ends with its last.</summary>
internal sealed class PreviewService(
    MqttConnector mqtt, KafkaConnector kafka, PreviewDiagnosis diagnosis, TimeProvider time, ILogger<PreviewService> logger) : IPreviewService, IAsyncDisposable
{
    /// <summary>Each reader may keep 32 MiB, so their number is bounded too.</summary>
    public const int MostReaders = 50;

    private readonly Lock _gate = new();
    private readonly Dictionary<Key, PreviewReader> _readers = [];
    private readonly List<Task> _ending = [];
    private bool _closed;

    public IPreview Open(PreviewRequest request)
    {
        if (PreviewRequests.Check(request) is { } wrong)
            return Refused(wrong);
        // MQTT always starts now, so another start is no other reader.
        if (request.Endpoint.Settings!.Wire is Wire.Mqtt)
            request = request with { Start = PreviewStart.Now };
        var key = Key.Of(request);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (!_readers.TryGetValue(key, out var reader))
            {
                if (_readers.Count >= MostReaders)
                {
                    return Refused(new Problem(
                        "preview-too-many", $"{MostReaders} previews of different topics run already, which is the most at a time.", "Close some of them, then open this one again."));
                }

                _readers[key] = reader = new PreviewReader(
                    SourceOf(request), new PreviewBuffer(time), (problem, stop) => diagnosis.LookCloserAsync(request.Endpoint, problem, stop), time, logger);
                reader.Start();
            }

            reader.Viewers++;
            return new PreviewLease(reader.Buffer, time, () => Leave(key, reader));
        }
    }

    public async Task<string?> PublishAsync(DataflowEndpoint endpoint, Message message, CancellationToken cancellationToken = default)
    {
        try
        {
            var problem = PreviewRequests.CheckEndpoint(endpoint)
                ?? (endpoint.Settings!.Wire is Wire.Mqtt
                    ? await new MqttPublisher(mqtt, time).PublishAsync(endpoint, message, cancellationToken)
                    : await new KafkaPublisher(kafka, time).PublishAsync(endpoint, message, cancellationToken));
            return problem is null ? null : $"{problem.Explanation} {problem.Fix}".TrimEnd();
        }
        catch (ConnectionException e)
        {
            return $"{e.Problem.Explanation} {e.Problem.Fix}".TrimEnd();
        }
    }

    /// <summary>Ends all readers and waits until their connections are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            _closed = true;
            foreach (var reader in _readers.Values)
                End(reader);
            _readers.Clear();
            ending = [.. _ending];
        }

        await Task.WhenAll(ending);
    }

    private IPreviewSource SourceOf(PreviewRequest request) =>
        request.Endpoint.Settings!.Wire is Wire.Mqtt
            ? new MqttReader(request.Endpoint, request.Topic, mqtt)
            : new KafkaReader(request.Endpoint, request, kafka, time);

    // A reader of nothing: its state says what is wrong with the request.
    private PreviewLease Refused(Problem problem)
    {
        var buffer = new PreviewBuffer(time);
        buffer.Set(PreviewState.Failed, problem);
        return new PreviewLease(buffer, time, () => buffer.Set(PreviewState.Closed));
    }

    private void Leave(Key key, PreviewReader reader)
    {
        lock (_gate)
        {
            if (--reader.Viewers > 0 || !_readers.Remove(key))
                return;
            End(reader);
        }
    }

    // Closing may wait for the network, and who leaves must not: the service keeps hold of it instead.
    private void End(PreviewReader reader)
    {
        _ending.RemoveAll(task => task.IsCompleted);
        _ending.Add(Task.Run(async () => await reader.DisposeAsync()));
    }

    /// <summary>What viewers must have in common to share a reader.</summary>
    private sealed record Key(BrokerSettings Settings, string Topic, PreviewStart Start, DateTimeOffset? From, long? Offset)
    {
        public static Key Of(PreviewRequest request) => new(
            request.Endpoint.Settings!, request.Topic, request.Start,
            request.Start is PreviewStart.Time ? request.From : null, request.Start is PreviewStart.Offset ? request.Offset : null);
    }
}
