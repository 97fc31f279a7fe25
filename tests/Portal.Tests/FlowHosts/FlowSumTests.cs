using Portal.FlowHosts;
using Portal.Messaging.Flows;

namespace Portal.Tests.FlowHosts;

public sealed class FlowSumTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ledgers_add_up_and_the_worst_host_speaks()
    {
        var sum = FlowSum.Of("line3", 2, [Host(0, Status(FlowState.Healthy, 40)), Host(1, Status(FlowState.WaitingForDestination, 10))]);
        Assert.Equal((50, true, FlowState.WaitingForDestination), (sum.Ledger.Delivered, sum.Ledger.IsBalanced, sum.State));
        Assert.Equal(2, sum.Hosts.Length);
    }

    [Fact]
    public void A_host_that_does_not_answer_keeps_its_last_figures_with_their_age_and_is_no_zero()
    {
        var sum = FlowSum.Of("line3", 2, [Host(0, Status(FlowState.Healthy, 40)), Host(1, Status(FlowState.Healthy, 10)) with { Problem = Silent }]);
        Assert.Equal((50, FlowState.Unknown, "flow-host-silent"), (sum.Ledger.Delivered, sum.State, sum.Problem!.Code));
        Assert.Equal((false, At, 10), (sum.Hosts[1].Answers, sum.Hosts[1].LastAnswer, sum.Hosts[1].Ledger!.Delivered));
        Assert.Equal([FlowState.Healthy, FlowState.Unknown], sum.Instances.Select(one => one.State));
        Assert.Equal(7, sum.OutPerSecond);
    }

    [Fact]
    public void A_host_that_never_answered_is_missing_and_said_to_be()
    {
        var sum = FlowSum.Of("line3", 2, [Host(0, Status(FlowState.Healthy, 40)), new FlowHostView(1, "http://b") { Problem = Silent }]);
        Assert.Equal((FlowState.Unknown, null, null), (sum.State, sum.Hosts[1].Ledger, sum.Hosts[1].LastAnswer));
    }

    [Fact]
    public void A_failure_that_is_known_comes_before_what_is_not_known() =>
        Assert.Equal(FlowState.Failed, FlowSum.Of("line3", 2, [Host(0, Status(FlowState.Failed, 0)), new FlowHostView(1, "http://b") { Problem = Silent }]).State);

    [Fact]
    public void A_host_that_has_no_part_is_not_missed()
    {
        var sum = FlowSum.Of("line3", 1, [Host(0, Status(FlowState.Idle, 1)), new FlowHostView(1, "http://b") { Problem = Silent }]);
        Assert.Equal((FlowState.Idle, 1), (sum.State, sum.Hosts.Length));
    }

    [Fact]
    public void Points_of_the_charts_add_up_by_time()
    {
        var points = FlowSum.Points("line3", [Host(0, Status(FlowState.Healthy, 1), Point(1, 3, 20), Point(6, 4, 20)), Host(1, Status(FlowState.Healthy, 1), Point(2, 5, 30))]);
        Assert.Equal([(8.0, (double?)30), (4.0, 20)], points.Select(point => (point.InPerSecond, point.P99)));
    }

    private static FlowError Silent => new(At, FlowSide.Flow, "flow-host-silent", "No answer.", "Start it.", 1);

    private static FlowHostView Host(int ordinal, FlowStatus status, params FlowPoint[] points)
    {
        var moved = status with { Instances = [status.Instances[0] with { Id = ordinal.ToString(System.Globalization.CultureInfo.InvariantCulture) }] };
        return new FlowHostView(ordinal, $"http://host-{ordinal}").With(new FlowHostAnswer(ordinal, 2, "machine", [new FlowHostItem(moved, points)]), At);
    }

    private static FlowStatus Status(FlowState state, long delivered) => new()
    {
        Name = "line3",
        State = state,
        Since = At,
        Ledger = new FlowLedger(delivered + 2, delivered, 2, 0, 0, 0, 0),
        Instances = [new FlowInstanceStatus("0", state, 7, 7, 2, 0)],
        InPerSecond = 7,
        OutPerSecond = 7,
    };

    private static FlowPoint Point(int second, double rate, double latency) => new(At.AddSeconds(second), rate, rate, 1, 2, latency);
}
