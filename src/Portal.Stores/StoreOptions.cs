namespace Portal.Stores;

/// <summary>Where the portal keeps what it stores: section <c>Portal</c> of the configuration.</summary>
public sealed class StoreOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Portal";

    /// <summary>The data folder. Required; the host knows the default.</summary>
    public string DataDirectory { get; set; } = "";
}
