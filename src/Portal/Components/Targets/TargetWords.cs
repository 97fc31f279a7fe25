using Portal.Components.Layout;
using Portal.Components.Shared;
using Portal.Model.Ports;
using Portal.Resources;
using Portal.Targets;

namespace Portal.Components.Targets;

/// <summary>Targets as the pages write them.</summary>
internal static class TargetWords
{
    public static string Kind(TargetKind kind) => Text.Get("Target_" + kind);

    public static string Icon(TargetKind kind) => kind switch
    {
        TargetKind.Folder => PortalIcons.Folder,
        TargetKind.Kubernetes => PortalIcons.Cluster,
        TargetKind.Azure => PortalIcons.Screen,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    public static UiState State(TargetCondition condition) => condition switch
    {
        TargetCondition.Ready => UiState.Passed,
        TargetCondition.Connecting => UiState.Testing,
        TargetCondition.ReadOnly => UiState.Warning,
        _ => UiState.Failed,
    };

    public static string Condition(TargetCondition condition) => Text.Get("Target_Condition" + condition);

    /// <summary>What is the matter, in a word: an API server that refuses the sign-in is not one that cannot be reached.</summary>
    public static string Trouble(TargetState state) => state switch
    {
        { Cause: "token-refused" or "sign-in-failed" or "kubeconfig-unreadable" } => Text.Target_NotSignedIn,
        { Cause: "definitions-missing" } => Text.Target_NotInstalled,
        { Cause: "tls-refused" } => Text.Target_NotTrusted,
        { Cause: "rights-missing", Condition: TargetCondition.Unavailable } => Text.Target_NotAllowed,
        { Condition: TargetCondition.Ready } => Text.Target_Partly,
        _ => Condition(state.Condition),
    };

    public static UiState State(Changes.CopyState state) => state switch
    {
        Changes.CopyState.Same => UiState.Applied,
        Changes.CopyState.Differs => UiState.Differs,
        _ => UiState.Info,
    };
}
