using Microsoft.Extensions.Options;

namespace Portal.Messaging.Probes;

/// <summary><c>Portal:Test</c>: limits of connection tests.</summary>
public sealed class TestOptions
{
    public const string Section = "Portal:Test";

    /// <summary>Longest time of one test, 1 s to 5 min.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Most tests at once, 1 to 1000.</summary>
    public int Concurrent { get; set; } = 20;

    /// <summary>Most tests started in a minute, 1 to 100000.</summary>
    public int PerMinute { get; set; } = 120;

    /// <summary>Most tests of one user at once, 1 to 1000; null = as many as in all.</summary>
    public int? ConcurrentPerUser { get; set; }

    /// <summary>Most tests that one user starts in a minute, 1 to 100000; null = as many as in all.</summary>
    public int? PerMinutePerUser { get; set; }
}

/// <summary>Names every bad limit with its key, its value and what is allowed.</summary>
internal sealed class TestOptionsValidator : IValidateOptions<TestOptions>
{
    private const int MostConcurrent = 1000;
    private const int MostPerMinute = 100_000;

    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, TestOptions options)
    {
        var errors = new List<string>();
        if (options.TimeLimit < Shortest || options.TimeLimit > Longest)
            errors.Add($"{TestOptions.Section}:TimeLimit is {options.TimeLimit}; allowed is 00:00:01 to 00:05:00, for example 00:00:15.");
        Check(nameof(options.Concurrent), options.Concurrent, MostConcurrent, 20);
        Check(nameof(options.PerMinute), options.PerMinute, MostPerMinute, 120);
        Check(nameof(options.ConcurrentPerUser), options.ConcurrentPerUser, MostConcurrent, 5);
        Check(nameof(options.PerMinutePerUser), options.PerMinutePerUser, MostPerMinute, 30);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(string key, int? value, int most, int example)
        {
            if (value < 1 || value > most)
                errors.Add($"{TestOptions.Section}:{key} is {value}; allowed is 1 to {most}, for example {example}.");
        }
    }
}
