using System.Security.Cryptography;
using System.Text;

namespace Portal.Messaging.Tests.Support.Kafka;

/// <summary>The server's side of SCRAM (RFC 5802), for one sign-in.</summary>
internal sealed class ScramServer(string mechanism, string password)
{
    private const int Iterations = 4096;

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private readonly HashAlgorithmName _hash = mechanism.EndsWith("512", StringComparison.Ordinal) ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
    private string? _clientFirst;
    private string? _serverFirst;

    /// <summary>Words of a refusal, the next message to the client, and whether the sign-in is complete.</summary>
    public (string? Refusal, string Answer, bool IsDone) Next(byte[] message)
    {
        var text = Encoding.UTF8.GetString(message);
        if (_serverFirst is null)
        {
            _clientFirst = text[(text.IndexOf(',', text.IndexOf(',') + 1) + 1)..];
            var nonce = Value(_clientFirst, 'r') + Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
            _serverFirst = $"r={nonce},s={Convert.ToBase64String(_salt)},i={Iterations}";
            return (null, _serverFirst, false);
        }
        var withoutProof = text[..text.IndexOf(",p=", StringComparison.Ordinal)];
        var proven = Encoding.UTF8.GetBytes($"{_clientFirst},{_serverFirst},{withoutProof}");
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, _salt, Iterations, _hash, _hash == HashAlgorithmName.SHA512 ? 64 : 32);
        var clientKey = Mac(salted, "Client Key"u8.ToArray());
        var signature = Mac(CryptographicOperations.HashData(_hash, clientKey), proven);
        var proof = clientKey.Zip(signature, (one, other) => (byte)(one ^ other)).ToArray();
        return Convert.ToBase64String(proof) == Value(text, 'p')
            ? (null, "v=" + Convert.ToBase64String(Mac(Mac(salted, "Server Key"u8.ToArray()), proven)), true)
            : ("Authentication failed during authentication due to invalid credentials with SASL mechanism " + mechanism, "", false);
    }

    private byte[] Mac(byte[] key, byte[] text) => CryptographicOperations.HmacData(_hash, key, text);

    private static string Value(string message, char name) => message.Split(',').Single(part => part[0] == name && part[1] == '=')[2..];
}
