using Confluent.Kafka;
using Portal.Messaging.Connections;
using Portal.Messaging.Network;
using Portal.Model.Endpoints;

namespace Portal.Messaging.Kafka;

/// <summary>Prepares Kafka connections of previews and flows. The library dials by itself, so the way is tried and judged before each start.</summary>
internal sealed class KafkaConnector(
    MaterialResolver materials, BrokerDialer dialer, IHostLookup lookup, NetworkPolicy policy, HostAliases aliases, TimeProvider time)
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(15);

    /// <summary>Dials the bootstrap address (and speaks TLS with it) as a connection test does, then hands over to the library.</summary>
    /// <exception cref="ConnectionException">It cannot be reached; the problem says why.</exception>
    public Task<KafkaConnection> OpenAsync(DataflowEndpoint endpoint, CancellationToken cancellationToken = default) =>
        OpenAsync(endpoint, ClientRole.Preview(), cancellationToken);

    /// <inheritdoc cref="OpenAsync(DataflowEndpoint, CancellationToken)"/>
    public async Task<KafkaConnection> OpenAsync(DataflowEndpoint endpoint, ClientRole role, CancellationToken cancellationToken = default)
    {
        using var timer = new CancellationTokenSource(_limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        var material = await materials.ResolveAsync(endpoint, either.Token);
        try
        {
            if (material.Failure is { } failure)
                throw new ConnectionException(failure);
            var settings = KafkaClientSettings.From(endpoint, role, aliases, material);
            var addresses = new KafkaAddressPolicy(policy);
            var found = await lookup.ResolveAsync(settings.Target.Dialled, either.Token);
            if (found.Problem is null && addresses.Add(settings.Target.Dialled, found.Addresses) is { } refused)
                throw new ConnectionException(refused);
            settings = settings with { AddressFamily = addresses.Family };
            await using (await dialer.ConnectAsync(settings.Target, material, either.Token))
                return new KafkaConnection(settings, material, time);
        }
        catch (Exception e)
        {
            material.Dispose();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new ConnectionException(KafkaConnection.NoAnswer(), e);
            throw;
        }
    }

    /// <summary>Judges the addresses that the brokers send clients to.</summary>
    /// <exception cref="ConnectionException">The network policy does not allow one of them.</exception>
    public async Task JudgeAsync(IEnumerable<BrokerMetadata> brokers, CancellationToken cancellationToken = default)
    {
        foreach (var broker in brokers)
        {
            var found = await lookup.ResolveAsync(new HostAddress(broker.Host, broker.Port), cancellationToken);
            foreach (var address in found.Addresses)
            {
                var verdict = policy.Judge(address, broker.Port);
                if (!verdict.IsAllowed)
                {
                    throw new ConnectionException(new Problem(
                        "kafka-listener-not-allowed",
                        $"Broker {broker.BrokerId} advertises {broker.Host}:{broker.Port} ({address}), which the network policy does not allow: {verdict.Reason}.",
                        $"Correct advertised.listeners of the broker, or add its range to {NetworkOptions.Section}:Allow, for example 10.20.0.0/16:{broker.Port}."));
                }
            }
        }
    }
}
