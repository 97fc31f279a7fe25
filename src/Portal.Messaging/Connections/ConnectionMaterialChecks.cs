namespace Portal.Messaging.Connections;

/// <summary>Limits that checks of certificates and secrets share.</summary>
internal static class ConnectionMaterialChecks
{
    /// <summary>A certificate or secret that ends within this many days is worth a warning.</summary>
    public const int WarnDays = 30;
}
