using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Portal.Sandbox.Mqtt;

namespace Portal.Sandbox.Devices;

/// <summary>Lets the simulated plant talk: about five MQTT messages and one Kafka record a second.</summary>
internal static class DeviceSimulator
{
    private static readonly TimeSpan _flushLimit = TimeSpan.FromSeconds(1);

    /// <summary>Publishes the plant's messages to the broker until cancelled.</summary>
    public static async Task PublishToMqttAsync(SandboxBroker broker, TimeProvider time, CancellationToken cancellationToken)
    {
        var plant = new Plant(new Random());
        using var timer = new PeriodicTimer(Plant.Step, time);
        do
        {
            foreach (var message in plant.Advance(time.GetUtcNow()))
                await broker.PublishAsync(DeviceBindings.ToMqtt(message), message.Device, cancellationToken);
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>Writes one finished part a second to the demo topic until cancelled.</summary>
    public static async Task ProduceToKafkaAsync(string bootstrapServers, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var plant = new Plant(new Random());
        var settings = new ProducerConfig { BootstrapServers = bootstrapServers, LingerMs = 5, ClientId = "sandbox-devices" };
        using var producer = new ProducerBuilder<string, string>(settings)
            .SetLogHandler((_, entry) => Log.DemoRecordLost(logger, Plant.KafkaTopic, entry.Message))
            .SetErrorHandler((_, error) => Log.DemoRecordLost(logger, Plant.KafkaTopic, error.Reason))
            .Build();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            do
                producer.Produce(Plant.KafkaTopic, DeviceBindings.ToKafka(plant.FinishedPart(time.GetUtcNow())), Report);
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        finally
        {
            producer.Flush(_flushLimit);
        }

        void Report(DeliveryReport<string, string> report)
        {
            if (report.Error.IsError)
                Log.DemoRecordLost(logger, Plant.KafkaTopic, report.Error.Reason);
        }
    }
}
