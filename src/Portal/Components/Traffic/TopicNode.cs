namespace Portal.Components.Traffic;

/// <summary>A level of the topics seen, with the messages a second of everything below it.</summary>
public sealed record TopicNode(string Path, string Name, double PerSecond, IReadOnlyList<TopicNode> Children)
{
    public bool IsLeaf => Children.Count == 0;

    public int Count => 1 + Children.Sum(child => child.Count);

    public static IReadOnlyList<TopicNode> Tree(IReadOnlyList<(string Topic, double PerSecond)> rates) =>
        Level([.. rates.Select(rate => new Rest(rate.Topic.Split('/'), rate.PerSecond))], 0);

    private static IReadOnlyList<TopicNode> Level(IReadOnlyList<Rest> topics, int depth) =>
    [
        .. topics.Where(topic => topic.Levels.Length > depth)
            .GroupBy(topic => topic.Levels[depth], StringComparer.Ordinal)
            .OrderBy(level => level.Key.StartsWith('$'))
            .ThenBy(level => level.Key, StringComparer.OrdinalIgnoreCase)
            .Select(level => new TopicNode(
                string.Join('/', level.First().Levels.Take(depth + 1)), level.Key, level.Sum(topic => topic.PerSecond), Level([.. level], depth + 1))),
    ];

    private sealed record Rest(string[] Levels, double PerSecond);
}
