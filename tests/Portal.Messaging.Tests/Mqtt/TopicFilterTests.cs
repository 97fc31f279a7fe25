using Portal.Messaging.Mqtt;

namespace Portal.Messaging.Tests.Mqtt;

public sealed class TopicFilterTests
{
    [Theory]
    [InlineData("a/b", "a/b", true)]
    [InlineData("a/b", "a/B", false)]
    [InlineData("a/b", "a", false)]
    [InlineData("a", "a/b", false)]
    [InlineData("#", "a/b", true)]
    [InlineData("#", "$SYS/x", false)]
    [InlineData("+/x", "$SYS/x", false)]
    [InlineData("$SYS/#", "$SYS/x", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/#", "a/", true)]
    [InlineData("a/#", "ab", false)]
    [InlineData("a/+", "a", false)]
    [InlineData("a/+", "a/", true)]
    [InlineData("a/+", "a/b/c", false)]
    [InlineData("+", "/a", false)]
    [InlineData("+/+", "/a", true)]
    [InlineData("/+", "/a", true)]
    [InlineData("a/+/#", "a/b", true)]
    [InlineData("a/+/#", "a", false)]
    [InlineData("+/b/#", "a/b/c/d", true)]
    public void A_filter_matches_as_the_standard_says(string filter, string topic, bool expected)
    {
        Assert.Null(TopicFilter.Problem(filter));
        Assert.Equal(expected, TopicFilter.Matches(filter, topic));
    }

    [Theory]
    [InlineData("", "missing")]
    [InlineData("a#", "# stands alone")]
    [InlineData("#/a", "# stands alone")]
    [InlineData("a+/b", "+ stands alone")]
    [InlineData("a\0", "control character")]
    [InlineData("a\nb", "control character")]
    public void What_is_wrong_with_a_filter_is_said(string filter, string expected) =>
        Assert.Contains(expected, TopicFilter.Problem(filter), StringComparison.Ordinal);
}
