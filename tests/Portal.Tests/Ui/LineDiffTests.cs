using Portal.Components.Shared;

namespace Portal.Tests.Ui;

public sealed class LineDiffTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("a\nb\nc", "a\nb\nc", "=a =b =c")]
    [InlineData("a\nb\nc", "a\nx\nc", "=a -b +x =c")]
    [InlineData("a\nc", "a\nb\nc", "=a +b =c")]
    [InlineData("a\nb\nc", "c", "-a -b =c")]
    [InlineData("", "a\nb\n", "+a +b")]
    [InlineData("a\nb\nc\nd", "b\na\nc\ne", "-a =b +a =c -d +e")]
    public void Compare(string before, string after, string expected) =>
        Assert.Equal(expected, string.Join(' ', LineDiff.Compare(before, after).Select(Short)));

    [Fact]
    public void Long_same_runs_are_folded()
    {
        var before = string.Join('\n', Enumerable.Range(1, 20));
        var after = before.Replace("\n10\n", "\nten\n", StringComparison.Ordinal);
        Assert.Equal("…8 =9 -10 +ten =11 …9", string.Join(' ', LineDiff.Unified(before, after, context: 1).Select(Short)));
    }

    [Fact]
    public void Marks_tell_changed_lines_from_new_ones()
    {
        var marks = LineDiff.Marks("a\nb\nc\n", "a\nx\nc\nd\n");
        Assert.Equal(new Dictionary<int, LineMark> { [2] = LineMark.Changed, [4] = LineMark.Added }, marks);
    }

    [Fact]
    public void Two_long_texts_are_compared_at_once()
    {
        var before = string.Join('\n', Enumerable.Range(0, 2000));
        var after = string.Join('\n', Enumerable.Range(0, 2000).Where(line => line % 100 != 0));
        var diff = LineDiff.Compare(before, after);
        Assert.Equal(20, diff.Count(line => line.Change == LineChange.Removed));
        Assert.Equal(1980, diff.Count(line => line.Change == LineChange.Same));
    }

    private static string Short(DiffLine line) => line.Change switch
    {
        LineChange.Added => "+" + line.Text,
        LineChange.Removed => "-" + line.Text,
        LineChange.Gap => $"…{line.Skipped}",
        _ => "=" + line.Text,
    };
}
