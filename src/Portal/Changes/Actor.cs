namespace Portal.Changes;

/// <summary>Who acts in the activity log.</summary>
public static class Actor
{
    /// <summary>Everyone, while nobody signs in.</summary>
    public const string Operator = "operator";
}
