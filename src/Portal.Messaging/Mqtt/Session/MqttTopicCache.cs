using System.Text;

namespace Portal.Messaging.Mqtt.Session;

/// <summary>Texts of the last topics, so that a busy topic is not made anew for every message. Bounded; not safe for threads.</summary>
internal sealed class MqttTopicCache
{
    private const int Entries = 512;
    private const int MostBytes = 512;

    private readonly (byte[] Bytes, string Text)[] _entries = new (byte[], string)[Entries];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MostBytes)
            return Encoding.UTF8.GetString(utf8);
        ref var entry = ref _entries[Slot(utf8)];
        if (entry.Text is null || !utf8.SequenceEqual(entry.Bytes))
            entry = (utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        return entry.Text;
    }

    private static uint Slot(ReadOnlySpan<byte> bytes)
    {
        // FNV-1a: topics are short, and the worst that a bad distribution does is a text made again.
        var hash = 2166136261u;
        foreach (var one in bytes)
            hash = (hash ^ one) * 16777619u;
        return (hash ^ (hash >> 15)) % Entries;
    }
}
