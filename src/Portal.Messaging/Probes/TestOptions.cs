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
}

/// <summary>Names every bad limit with its key, its value and what is allowed.</summary>
internal sealed class TestOptionsValidator : IValidateOptions<TestOptions>
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, TestOptions options)
    {
        var errors = new List<string>();
        if (options.TimeLimit < Shortest || options.TimeLimit > Longest)
            errors.Add($"{TestOptions.Section}:TimeLimit is {options.TimeLimit}; allowed is 00:00:01 to 00:05:00, for example 00:00:15.");
        if (options.Concurrent is < 1 or > 1000)
            errors.Add($"{TestOptions.Section}:Concurrent is {options.Concurrent}; allowed is 1 to 1000, for example 20.");
        if (options.PerMinute is < 1 or > 100_000)
            errors.Add($"{TestOptions.Section}:PerMinute is {options.PerMinute}; allowed is 1 to 100000, for example 120.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
