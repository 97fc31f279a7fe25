using System.Text.Json.Nodes;

namespace Portal.Sandbox.Devices;

/// <summary>
/// The simulated plant: an oven, a press, a conveyor and a meter whose values move as real ones do. Pure: the same
/// seed and the same steps give the same values.
/// </summary>
internal sealed class Plant(Random random)
{
    public const string KafkaTopic = "plant-events";
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);
    private const int StepsPerSecond = 2;
    private const int StepsPerShiftOfState = 40;
    private const double OvenTarget = 180;
    private const double OvenBand = 3;
    private const string Telemetry = "com.example.plant.telemetry";
    private const string StateChanged = "com.example.plant.state-changed";
    private static readonly string[] _pressStates = ["running", "running", "running", "setup", "running", "stopped"];

    private long _step;
    private double _oven = 150;
    private bool _heating = true;
    private long _strokes = 48_000;
    private long _parts = 12_000;
    private double _energy = 8_412.5;

    private string PressState => _pressStates[_step / StepsPerShiftOfState % _pressStates.Length];

    private bool PressRuns => PressState == "running";

    /// <summary>Moves the plant on by one <see cref="Step"/> and returns what its devices say at that moment.</summary>
    public IEnumerable<DeviceMessage> Advance(DateTimeOffset now)
    {
        var messages = new List<DeviceMessage> { Press(now) };
        if (_step % StepsPerShiftOfState == 0)
            messages.Add(PressStateMessage(now));
        if (_step % StepsPerSecond == 0)
            messages.AddRange([Oven(now), Conveyor(now)]);
        if (_step % (2 * StepsPerSecond) == 0)
            messages.Add(Meter(now));
        _step++;
        return messages;
    }

    /// <summary>The finished part that goes to Kafka, about one a second.</summary>
    public DeviceMessage FinishedPart(DateTimeOffset now) =>
        new($"press-0{1 + (_parts % 2)}", KafkaTopic, "com.example.plant.part-finished", $"part/{_parts}", new JsonObject
        {
            ["part"] = _parts++,
            ["cycleSeconds"] = Round(1 + Noise(0.08), 2),
            ["widthMillimetres"] = Round(42 + Noise(0.05), 3),
            ["good"] = random.Next(50) != 0,
        }, now);

    private DeviceMessage Oven(DateTimeOffset now)
    {
        _heating = _heating ? _oven < OvenTarget + OvenBand : _oven < OvenTarget - OvenBand;
        _oven += (_heating ? 1.2 : -0.7) + Noise(0.1);
        return new DeviceMessage("oven-1", "azure-iot-operations/data/oven", Telemetry, "oven-1/temperature", new JsonObject
        {
            ["temperature"] = Round(_oven, 1),
            ["target"] = OvenTarget,
            ["humidity"] = Round(12 + (3 * Wave(90)) + Noise(0.2), 1),
            ["heating"] = _heating,
        }, now);
    }

    private DeviceMessage Press(DateTimeOffset now)
    {
        if (PressRuns)
            _strokes++;
        return new DeviceMessage("press-01", "line1/press-01/telemetry", Telemetry, "press-01/cycle", new JsonObject
        {
            ["forceKilonewtons"] = PressRuns ? Round(250 + (20 * Wave(3)) + Noise(2), 1) : 0,
            ["oilTemperature"] = Round(46 + (4 * Wave(600)) + Noise(0.2), 1),
            ["strokes"] = _strokes,
        }, now)
        { Expiry = TimeSpan.FromMinutes(1) };
    }

    private DeviceMessage PressStateMessage(DateTimeOffset now) =>
        new("press-01", "line1/press-01/state", StateChanged, "press-01/state", new JsonObject
        {
            ["state"] = PressState,
            ["operator"] = "shift-2",
            ["strokes"] = _strokes,
        }, now)
        { Retain = true };

    private DeviceMessage Conveyor(DateTimeOffset now) =>
        new("conveyor-2", "line2/conveyor/speed", Telemetry, "conveyor-2/speed", new JsonObject
        {
            ["metresPerSecond"] = Round(0.8 + (0.1 * Wave(45)) + Noise(0.01), 3),
            ["load"] = Round(0.55 + (0.2 * Wave(120)) + Noise(0.02), 2),
        }, now)
        { Expiry = TimeSpan.FromSeconds(30) };

    private DeviceMessage Meter(DateTimeOffset now)
    {
        var kilowatts = 120 + (PressRuns ? 35 : 5) + (_heating ? 60 : 4) + Noise(2);
        _energy += kilowatts * 2 / 3600;
        return new DeviceMessage("meter-1", "energy/meter-1", Telemetry, "meter-1/power", new JsonObject
        {
            ["activePowerKilowatts"] = Round(kilowatts, 1),
            ["energyKilowattHours"] = Round(_energy, 2),
            ["powerFactor"] = Round(0.93 + (0.02 * Wave(60)), 3),
        }, now);
    }

    private double Wave(double periodSeconds) => Math.Sin(2 * Math.PI * _step / (periodSeconds * StepsPerSecond));

    private double Noise(double width) => ((random.NextDouble() * 2) - 1) * width;

    private static double Round(double value, int digits) => Math.Round(value, digits);
}
