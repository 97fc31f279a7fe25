using Microsoft.Extensions.Options;

namespace Portal.Stores;

/// <summary>Stops the start on a data folder that can never work. A full or read-only one does not: the portal still reads.</summary>
internal sealed class StoreOptionsValidator : IValidateOptions<StoreOptions>
{
    private const string Key = $"{StoreOptions.Section}:{nameof(StoreOptions.DataDirectory)}";
    private const string Fix = "Give the path of a folder, for example /var/lib/portal; it is created when it is not there.";

    public ValidateOptionsResult Validate(string? name, StoreOptions options)
    {
        var value = options.DataDirectory;
        if (string.IsNullOrWhiteSpace(value))
            return ValidateOptionsResult.Fail($"{Key} is empty. {Fix}");
        if (value.IndexOfAny(Path.GetInvalidPathChars()) >= 0)
            return ValidateOptionsResult.Fail($"{Key} holds a character that no path may hold. {Fix}");
        if (File.Exists(value))
            return ValidateOptionsResult.Fail($"{Key} is '{value}', which is a file. {Fix}");
        return ValidateOptionsResult.Success;
    }
}
