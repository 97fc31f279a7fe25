using Portal.Model.Dataflows;

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
    public static string? Problem(string filter) => TopicRules.FilterProblem(filter);

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
