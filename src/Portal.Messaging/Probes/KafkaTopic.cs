using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Kafka;

namespace Portal.Messaging.Probes;

/// <summary>Looks at a Kafka topic: partitions always, reading and writing only when asked to.</summary>
internal sealed class KafkaTopic(TimeProvider clock)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(6);

    public async Task<StageFinding> RunAsync(ProbeContext context, CancellationToken cancellationToken)
    {
        var (request, session, topic) = (context.Request, context.Kafka!, context.Request.Topic!);
        var report = new TopicReport(topic);
        var partitions = await LookAsync(session, topic, report, cancellationToken);
        if (partitions.Count == 0)
            return report.Finding();
        if (request.Read)
            await ReadAsync(context, session, topic, partitions, report, cancellationToken);
        if (request.Write || request.RoundTrip)
            await WriteAsync(context, session, topic, report, cancellationToken);
        return report.Finding();
    }

    private static async Task<IReadOnlyList<int>> LookAsync(KafkaProbeSession session, string topic, TopicReport report, CancellationToken cancellationToken)
    {
        var (metadata, problem) = await session.AskAsync((client, limit) => client.GetMetadata(topic, limit), cancellationToken);
        var found = metadata?.Topics.FirstOrDefault(one => one.Topic == topic);
        problem ??= found is null ? KafkaProblems.ExplainAny(new Error(ErrorCode.UnknownTopicOrPart), null)
            : found.Error.IsError ? KafkaProblems.ExplainAny(found.Error, null)
            : found.Partitions.Count == 0 ? KafkaProblems.ExplainAny(new Error(ErrorCode.UnknownTopicOrPart), null)
            : found.Partitions.Find(partition => partition.Leader < 0 || partition.Error.Code is ErrorCode.LeaderNotAvailable) is not null ? KafkaProblems.ExplainAny(new Error(ErrorCode.LeaderNotAvailable), null)
            : null;
        if (problem is not null)
        {
            report.Bad("exists", problem);
            return [];
        }
        report.Evidence["partitions"] = found!.Partitions.Count;
        report.Evidence["replicas"] = found.Partitions.Max(partition => partition.Replicas.Length);
        report.Good("exists", $"{found.Partitions.Count} partition{(found.Partitions.Count == 1 ? "" : "s")}");
        return [.. found.Partitions.Select(partition => partition.PartitionId)];
    }

    private static async Task ReadAsync(ProbeContext context, KafkaProbeSession session, string topic, IReadOnlyList<int> partitions, TopicReport report, CancellationToken cancellationToken)
    {
        using var reader = new KafkaTopicReader(session);
        var end = await reader.TryAsync(
            consumer => consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition, Offset.End))),
            result => result.IsPartitionEOF || result.Message is not null, _limit, cancellationToken);
        if (end is not null)
            report.Bad("read", (end.Cause != "topic-not-authorized" ? end : new Problem(
                "topic-read-not-authorized", $"The user sees the topic '{topic}' but may not read it.",
                "Give the user the operation Read on the topic; for Event Hubs the role Azure Event Hubs Data Receiver.")
            { Summary = "May not read the topic" }).WithRole(context.Endpoint, isSource: true));
        else
            report.Good("read", "may read");
        if (session.Settings.GroupConsumer().GroupId is { Length: > 0 } group && await KafkaTopicReader.CheckGroupAsync(session, topic, partitions[0], cancellationToken) is { } refused)
            report.Bad("group", refused with { Explanation = $"{refused.Explanation} The group is '{group}'." });
    }

    private async Task WriteAsync(ProbeContext context, KafkaProbeSession session, string topic, TopicReport report, CancellationToken cancellationToken)
    {
        var payload = TestMessage.Payload(context.Role.Name, clock.GetUtcNow());
        var config = session.Settings.Producer();
        config.MessageTimeoutMs = (int)_limit.TotalMilliseconds;
        var builder = new ProducerBuilder<Null, byte[]>(config).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { });
        if (session.TokenRefresh is { } refresh)
            builder.SetOAuthBearerTokenRefreshHandler(refresh);
        var started = clock.GetTimestamp();
        using var producer = builder.Build();
        DeliveryResult<Null, byte[]> delivered;
        try
        {
            delivered = await producer.ProduceAsync(topic, new Message<Null, byte[]> { Value = payload, Headers = [new Header("content-type", System.Text.Encoding.UTF8.GetBytes(TestMessage.ContentType))] }, cancellationToken);
        }
        catch (ProduceException<Null, byte[]> e)
        {
            report.Bad("write", (e.Error.Code switch
            {
                ErrorCode.TopicAuthorizationFailed => new Problem("topic-write-not-authorized", $"The user may not write to '{topic}'.", "Give the user the operation Write on the topic; for Event Hubs the role Azure Event Hubs Data Sender.") { Summary = "May not write to the topic" },
                ErrorCode.Local_MsgTimedOut => new Problem("topic-write-timeout", $"The test message to '{topic}' was not acknowledged in {_limit.TotalSeconds:0} s.", "Check that the partition's leader is reachable and, with acknowledgment All, that enough replicas are in sync.") { Summary = "Not acknowledged" },
                _ => KafkaProblems.ExplainAny(e.Error, session.Settings.Mechanism),
            }).WithRole(context.Endpoint, isSource: false));
            return;
        }
        report.Good("write", config.Acks is Acks.None ? "written (not acknowledged)" : $"may write (partition {delivered.Partition.Value}, offset {delivered.Offset.Value})");
        if (!context.Request.RoundTrip || report.HasFailed)
            return;
        using var reader = new KafkaTopicReader(session);
        var lost = await reader.TryAsync(
            consumer => consumer.Assign(new TopicPartitionOffset(delivered.TopicPartition, delivered.Offset.Value >= 0 ? delivered.Offset : Offset.Beginning)),
            result => result.Message?.Value is { } value && value.AsSpan().SequenceEqual(payload), _limit, cancellationToken);
        if (lost is not null)
            report.Bad("roundTrip", lost.Cause == "topic-read-timeout" ? lost with { Cause = "topic-round-trip-lost" } : lost);
        else
            report.Good("roundTrip", $"came back in {clock.GetElapsedTime(started).TotalMilliseconds:0} ms");
    }
}
