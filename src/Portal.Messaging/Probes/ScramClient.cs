using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Portal.Messaging.Probes;

/// <summary>The client's side of SCRAM (RFC 5802, RFC 7677), for one sign-in. Pure but for its random nonce.</summary>
internal sealed class ScramClient(string mechanism, string user, string password)
{
    private const int MostIterations = 1_000_000;
    private readonly HashAlgorithmName _hash = mechanism == "SCRAM-SHA-512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
    private readonly string _nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
    private byte[] _serverSignature = [];

    private string FirstBare => $"n={user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)},r={_nonce}";

    public byte[] First => Encoding.UTF8.GetBytes("n,," + FirstBare);

    /// <summary>The proof that we know the password; null when the server's message makes no sense.</summary>
    public byte[]? Final(byte[] serverFirst)
    {
        var text = Encoding.UTF8.GetString(serverFirst);
        if (Value(text, 'r') is not { } nonce || !nonce.StartsWith(_nonce, StringComparison.Ordinal) || Value(text, 's') is not { } salt
            || !int.TryParse(Value(text, 'i'), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations) || iterations is < 1 or > MostIterations
            || !Convert.TryFromBase64String(salt, new byte[salt.Length], out _))
            return null;
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, Convert.FromBase64String(salt), iterations, _hash, _hash == HashAlgorithmName.SHA512 ? 64 : 32);
        var withoutProof = $"c=biws,r={nonce}";
        var proven = Encoding.UTF8.GetBytes($"{FirstBare},{text},{withoutProof}");
        var clientKey = Mac(salted, "Client Key"u8);
        var signature = Mac(CryptographicOperations.HashData(_hash, clientKey), proven);
        for (var i = 0; i < clientKey.Length; i++)
            clientKey[i] ^= signature[i];
        _serverSignature = Mac(Mac(salted, "Server Key"u8), proven);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(clientKey)}");
    }

    /// <summary>True when the server knows the password too.</summary>
    public bool Proves(byte[] serverFinal) => Value(Encoding.UTF8.GetString(serverFinal), 'v') == Convert.ToBase64String(_serverSignature);

    private byte[] Mac(byte[] key, ReadOnlySpan<byte> text) => CryptographicOperations.HmacData(_hash, key, text);

    private static string? Value(string message, char name) =>
        message.Split(',').FirstOrDefault(part => part.Length > 1 && part[0] == name && part[1] == '=')?[2..];
}
