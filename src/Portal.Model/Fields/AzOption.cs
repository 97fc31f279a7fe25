namespace Portal.Model.Fields;

/// <summary>Option of <c>az iot ops dataflow endpoint create</c> that sets a field.</summary>
/// <param name="Name">The option with its hyphens, for example <c>--latency</c>.</param>
public sealed record AzOption(string Name)
{
    /// <summary>Wire text for which the option is given, as a flag without a value; null for an option that takes the value.</summary>
    public string? FlagFor { get; init; }

    /// <summary>What the command writes when the option is not given, where that is not what a field without a value means.</summary>
    public string? WritesOtherwise { get; init; }
}
