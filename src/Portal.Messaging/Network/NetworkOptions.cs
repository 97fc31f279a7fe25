using Microsoft.Extensions.Options;

namespace Portal.Messaging.Network;

/// <summary><c>Portal:Network</c>: which addresses tests, previews and flows may dial.</summary>
public sealed class NetworkOptions
{
    public const string Section = "Portal:Network";

    /// <summary>Ranges that may be dialled. Empty = private and public addresses, not loopback.</summary>
    public IList<string> Allow { get; } = [];

    /// <summary>Ranges that may not be dialled, whatever else allows them.</summary>
    public IList<string> Deny { get; } = [];
}

/// <summary>Names every bad rule with its key, its value and what is allowed.</summary>
internal sealed class NetworkOptionsValidator : IValidateOptions<NetworkOptions>
{
    public ValidateOptionsResult Validate(string? name, NetworkOptions options)
    {
        var errors = Check(options.Allow, nameof(options.Allow)).Concat(Check(options.Deny, nameof(options.Deny))).ToList();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Check(IList<string> rules, string key) =>
        rules.Select((rule, index) => (rule, index))
            .Where(entry => !AddressRange.TryParse(entry.rule, out _))
            .Select(entry => $"{NetworkOptions.Section}:{key}:{entry.index} is '{entry.rule}'; allowed is {AddressRange.Allowed}.");
}
