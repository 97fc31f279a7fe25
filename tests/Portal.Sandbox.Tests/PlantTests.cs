using System.Text;
using System.Text.Json.Nodes;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Portal.Sandbox.Devices;

namespace Portal.Sandbox.Tests;

public sealed class PlantTests
{
    private const int Minutes = 10;
    private static readonly DateTimeOffset _start = new(2026, 3, 2, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_devices_say_a_few_things_a_second_on_their_topics()
    {
        var messages = Run();

        Assert.Equal(
            ["azure-iot-operations/data/oven", "energy/meter-1", "line1/press-01/state", "line1/press-01/telemetry", "line2/conveyor/speed"],
            messages.Select(message => message.Topic).Distinct().Order());
        Assert.InRange(messages.Count / (Minutes * 60.0), 3, 8);
    }

    [Fact]
    public void Values_move_and_stay_plausible()
    {
        var messages = Run();

        AssertMoves(messages, "azure-iot-operations/data/oven", "temperature", 140, 190);
        AssertMoves(messages, "line1/press-01/telemetry", "oilTemperature", 40, 52);
        AssertMoves(messages, "line2/conveyor/speed", "metresPerSecond", 0.6, 1);
        AssertMoves(messages, "energy/meter-1", "activePowerKilowatts", 100, 250);
        Assert.Equal(
            ["running", "setup", "stopped"],
            messages.Where(message => message.Retain).Select(message => (string)message.Data["state"]!).Distinct().Order());
    }

    [Fact]
    public void The_same_seed_gives_the_same_plant() =>
        Assert.Equal(Run().Select(message => message.Data.ToJsonString()), Run().Select(message => message.Data.ToJsonString()));

    [Fact]
    public void On_MQTT_the_attributes_are_user_properties_without_a_prefix()
    {
        var telemetry = DeviceBindings.ToMqtt(Run().First(message => message.Topic == "line1/press-01/telemetry"));
        var state = DeviceBindings.ToMqtt(Run().First(message => message.Retain));

        var properties = telemetry.UserProperties.ToDictionary(property => property.Name, property => property.ReadValueAsString());
        Assert.Equal(["datacontenttype", "id", "source", "specversion", "subject", "time", "type"], properties.Keys.Order());
        Assert.Equal("1.0", properties["specversion"]);
        Assert.Equal("urn:plant:press-01", properties["source"]);
        Assert.Equal("2026-03-02T06:00:00.000Z", properties["time"]);
        Assert.Equal("application/json", properties["datacontenttype"]);
        Assert.Equal("application/json", telemetry.ContentType);
        Assert.Equal(MqttPayloadFormatIndicator.CharacterData, telemetry.PayloadFormatIndicator);
        Assert.Equal(60u, telemetry.MessageExpiryInterval);
        Assert.NotNull(JsonNode.Parse(Encoding.UTF8.GetString(telemetry.Payload)));
        Assert.True(state.Retain);
        Assert.Equal(0u, state.MessageExpiryInterval);
    }

    private static List<DeviceMessage> Run()
    {
        var plant = new Plant(new Random(7));
        var steps = (int)(TimeSpan.FromMinutes(Minutes) / Plant.Step);
        return [.. Enumerable.Range(0, steps).SelectMany(step => plant.Advance(_start + (step * Plant.Step)))];
    }

    private static void AssertMoves(List<DeviceMessage> messages, string topic, string field, double least, double most)
    {
        var values = messages.Where(message => message.Topic == topic).Select(message => (double)message.Data[field]!).ToList();
        Assert.All(values, value => Assert.InRange(value, least, most));
        Assert.True(values.Distinct().Count() > 20, $"{field} hardly moves.");
    }
}
