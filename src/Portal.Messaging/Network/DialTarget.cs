using Portal.Model.Endpoints;

namespace Portal.Messaging.Network;

/// <summary>Where a connection goes and what lies on top of TCP.</summary>
/// <param name="Written">The address as the endpoint gives it; its host is the name that a certificate must hold.</param>
/// <param name="Dialled">The address to dial: the same, or that of a host alias.</param>
/// <param name="UsesTls">TLS on top of TCP.</param>
/// <param name="WebSocketPath">Path of the WebSocket upgrade; null = no WebSocket.</param>
internal sealed record DialTarget(HostAddress Written, HostAddress Dialled, bool UsesTls, string? WebSocketPath = null)
{
    public bool IsAlias => Written.Authority != Dialled.Authority;
}
