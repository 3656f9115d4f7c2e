using System.Net;
using System.Text.RegularExpressions;

namespace Conductor.Fuzzing;

/// <summary>The antiforgery token of a session of the console, from one of its forms.</summary>
public static partial class FormToken
{
    /// <exception cref="InvalidOperationException">There is no form with a token on the page.</exception>
    public static async Task<string> ReadAsync(HttpClient client, string page, CancellationToken cancellationToken)
    {
        var match = Field().Match(await client.GetStringAsync(page, cancellationToken));
        return match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value) : throw new InvalidOperationException($"{page} has no form");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Field();
}
