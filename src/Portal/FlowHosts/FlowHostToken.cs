using System.Security.Cryptography;
using System.Text;

namespace Portal.FlowHosts;

/// <summary>What portals and flow hosts share to know each other. Its text form never shows the value.</summary>
internal sealed class FlowHostToken(string value)
{
    public const int LeastCharacters = 16;

    private const string Scheme = "Bearer ";

    private readonly byte[] _digest = SHA256.HashData(Encoding.UTF8.GetBytes(value));

    /// <summary>The header Authorization of a call to a flow host.</summary>
    public string Header => Scheme + value;

    /// <summary>Whether the header Authorization of a call shows it; takes as long for a wrong one as for the right one.</summary>
    public bool IsIn(string? authorization)
    {
        var given = authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : "";
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), _digest);
    }

    public override string ToString() => "(secret)";
}
