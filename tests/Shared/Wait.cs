using System.Diagnostics;

namespace Portal.Tests.Shared;

/// <summary>Waits on a condition, never on the clock alone: ends as soon as the condition holds, fails at the limit.</summary>
public static class Wait
{
    public static TimeSpan DefaultLimit { get; } = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    /// <param name="description">What is waited for, as the end of "waited in vain until ...".</param>
    /// <param name="lastSeen">What was there instead, for the text of the failure.</param>
    public static Task UntilAsync(
        Func<bool> condition,
        string description,
        TimeSpan? limit = null,
        Func<string>? lastSeen = null,
        CancellationToken cancellationToken = default) =>
        UntilAsync(() => Task.FromResult(condition()), description, limit, lastSeen, cancellationToken);

    /// <inheritdoc cref="UntilAsync(Func{bool}, string, TimeSpan?, Func{string}?, CancellationToken)"/>
    public static async Task UntilAsync(
        Func<Task<bool>> condition,
        string description,
        TimeSpan? limit = null,
        Func<string>? lastSeen = null,
        CancellationToken cancellationToken = default)
    {
        var bound = limit ?? DefaultLimit;
        var clock = Stopwatch.StartNew();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, TestContext.Current.CancellationToken);
        using var timer = new PeriodicTimer(Period);
        while (!await condition())
        {
            if (clock.Elapsed >= bound)
                Assert.Fail(Describe(description, bound, lastSeen));
            await timer.WaitForNextTickAsync(either.Token);
        }
    }

    /// <summary>Waits until no assertion fails; at the limit the last failure is that of the test.</summary>
    public static async Task UntilHoldsAsync(Action assertion, TimeSpan? limit = null)
    {
        var bound = limit ?? DefaultLimit;
        var clock = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Period);
        while (true)
        {
            try
            {
                assertion();
                return;
            }
            catch (Exception) when (clock.Elapsed < bound)
            {
                await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Waits for a task that has no limit of its own.</summary>
    public static async Task<T> ForAsync<T>(Task<T> task, string description, TimeSpan? limit = null, Func<string>? lastSeen = null)
    {
        await ForAsync((Task)task, description, limit, lastSeen);
        return await task;
    }

    /// <inheritdoc cref="ForAsync{T}"/>
    public static async Task ForAsync(Task task, string description, TimeSpan? limit = null, Func<string>? lastSeen = null)
    {
        var bound = limit ?? DefaultLimit;
        try
        {
            await task.WaitAsync(bound, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            Assert.Fail(Describe(description, bound, lastSeen));
        }
    }

    private static string Describe(string description, TimeSpan bound, Func<string>? lastSeen) =>
        $"Waited in vain for {bound.TotalSeconds:0.#} s until {description}."
        + (lastSeen is null ? "" : $"{Environment.NewLine}Last seen: {lastSeen()}");
}
