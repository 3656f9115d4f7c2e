using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Conductor.Console.Login;

/// <summary>
/// Proves by a cookie that its browser once showed the login token. The cookie is an expiry and its HMAC under the token,
/// so sessions outlive a restart of the console and end with the token.
/// </summary>
internal sealed class LoginSession
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private readonly byte[] _key;
    private readonly TimeProvider _time;

    public LoginSession(LoginOptions options, TimeProvider time)
    {
        if (options.LoginToken.Length < 16)
            throw new InvalidOperationException("CONSOLE__LOGINTOKEN must be set to a secret of at least 16 characters: the console cannot be opened without one.");
        _key = Encoding.UTF8.GetBytes(options.LoginToken);
        _time = time;
        // Browsers share cookies between the ports of a host; the name keeps consoles that run side by side apart.
        InstanceName = Convert.ToHexStringLower(SHA256.HashData(_key).AsSpan(0, 4));
    }

    /// <summary>Eight hex digits that differ between consoles with different tokens, and reveal nothing of the token.</summary>
    public string InstanceName { get; }

    public string CookieName => $"conductor-console-{InstanceName}";

    public bool Matches(string? token) =>
        token is not null && CryptographicOperations.FixedTimeEquals(Hash(Encoding.UTF8.GetBytes(token)), Hash(_key));

    public void Open(HttpContext context)
    {
        var expires = _time.GetUtcNow().Add(Lifetime);
        var stamp = expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        context.Response.Cookies.Append(CookieName, $"{stamp}.{Sign(stamp)}", Attributes(expires));
    }

    public void Close(HttpContext context) => context.Response.Cookies.Delete(CookieName, Attributes(expires: null));

    public bool IsOpen(HttpContext context)
    {
        if (context.Request.Cookies[CookieName]?.Split('.') is not [var stamp, var signature])
            return false;
        return long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var expires)
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(stamp)))
            && expires > _time.GetUtcNow().ToUnixTimeSeconds();
    }

    private static CookieOptions Attributes(DateTimeOffset? expires) =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true, Expires = expires };

    private string Sign(string stamp) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"console-login:{stamp}")));

    // Equal lengths on both sides, so that the comparison takes the same time whatever was sent.
    private static byte[] Hash(byte[] value) => SHA256.HashData(value);
}
