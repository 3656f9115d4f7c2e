using System.Security.Cryptography;
using System.Text;

namespace Conductor.Console.Login;

/// <summary>The secret that whoever started the platform was given.</summary>
internal sealed class LoginToken
{
    private readonly byte[] _hash;

    public LoginToken(string token)
    {
        if (token.Length < 16)
            throw new InvalidOperationException(
                "CONSOLE__LOGINTOKEN must be set to a secret of at least 16 characters: the console cannot be opened without one.");
        _hash = Hash(token);
        Fingerprint = Convert.ToHexStringLower(_hash.AsSpan(0, 4));
    }

    /// <summary>Eight hex digits that differ between tokens and reveal nothing of them.</summary>
    public string Fingerprint { get; }

    public bool Matches(string token) => CryptographicOperations.FixedTimeEquals(Hash(token), _hash);

    // Equal lengths on both sides, so that the comparison takes the same time whatever was sent.
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
