using System.Text;

namespace Portal.Messaging.Mqtt;

/// <summary>Topic filters of MQTT (section 4.7).</summary>
public static class TopicFilter
{
    private const string SharePrefix = "$share/";

    /// <summary>True when the text holds <c>+</c> or <c>#</c>.</summary>
    public static bool HasWildcard(string filter) => filter.AsSpan().IndexOfAny('+', '#') >= 0;

    /// <summary>True for a shared subscription, <c>$share/group/filter</c>.</summary>
    public static bool IsShared(string filter) => filter.StartsWith(SharePrefix, StringComparison.Ordinal) || filter == "$share";

    /// <summary>What is wrong with a filter and what to write; null when it is valid.</summary>
    public static string? Problem(string filter)
    {
        if (filter.Length == 0)
            return "The topic is missing. Write a topic or a filter, for example line3/#.";
        if (filter.Contains('\0', StringComparison.Ordinal))
            return "A topic cannot hold the character U+0000. Remove it.";
        if (Encoding.UTF8.GetByteCount(filter) > ushort.MaxValue)
            return "The topic is longer than the 65,535 bytes that MQTT allows. Write a shorter one.";
        var levels = filter.Split('/');
        for (var i = 0; i < levels.Length; i++)
        {
            if (levels[i].Contains('#', StringComparison.Ordinal) && (levels[i] != "#" || i < levels.Length - 1))
                return "In a topic filter # stands alone on the last level. Write for example line3/#.";
            if (levels[i].Contains('+', StringComparison.Ordinal) && levels[i] != "+")
                return "In a topic filter + stands alone on its level. Write for example line3/+/state.";
        }

        return null;
    }

    /// <summary>Whether a valid filter lets a topic through.</summary>
    public static bool Matches(ReadOnlySpan<char> filter, ReadOnlySpan<char> topic)
    {
        // Wildcards on the first level leave out topics of the broker itself ($SYS).
        if (!topic.IsEmpty && topic[0] == '$' && !filter.IsEmpty && filter[0] is '+' or '#')
            return false;
        while (true)
        {
            var filterLevel = NextLevel(ref filter, out var moreFilter);
            if (filterLevel is "#")
                return true;
            var topicLevel = NextLevel(ref topic, out var moreTopic);
            if (filterLevel is not "+" && !filterLevel.SequenceEqual(topicLevel))
                return false;
            // "line3/#" lets "line3" through as well.
            if (!moreTopic)
                return !moreFilter || filter is "#";
            if (!moreFilter)
                return false;
        }
    }

    private static ReadOnlySpan<char> NextLevel(ref ReadOnlySpan<char> rest, out bool more)
    {
        var slash = rest.IndexOf('/');
        more = slash >= 0;
        var level = more ? rest[..slash] : rest;
        rest = more ? rest[(slash + 1)..] : [];
        return level;
    }
}
