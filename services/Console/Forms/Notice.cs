using System.Buffers.Text;
using System.Text.Json;

namespace Conductor.Console.Forms;

/// <summary>What came of a form: left in a cookie by the POST, shown once by the page that the browser is sent to.</summary>
internal sealed record Notice(bool Succeeded, string Text)
{
    private const string Cookie = "conductor-console-notice";

    public static Notice Done(string text) => new(Succeeded: true, text);

    public static Notice Failed(string text) => new(Succeeded: false, text);

    public static void Leave(HttpContext context, Notice notice)
    {
        var cut = notice with { Text = notice.Text.Length > 1000 ? notice.Text[..1000] + "…" : notice.Text };
        context.Response.Cookies.Append(Cookie, Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(cut)), Attributes);
    }

    /// <summary>Live refreshes of a page do not count: they would take the notice away from the page that is being opened.</summary>
    public static Notice? Take(HttpContext context)
    {
        if (context.Request.Headers.ContainsKey("X-Live") || context.Request.Cookies[Cookie] is not { Length: > 0 } value)
            return null;
        if (!context.Response.HasStarted)
            context.Response.Cookies.Delete(Cookie, Attributes);
        try
        {
            return JsonSerializer.Deserialize<Notice>(Base64Url.DecodeFromChars(value));
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            return Failed("The outcome of the last action could not be read; look at the state below.");
        }
    }

    private static CookieOptions Attributes =>
        new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true, MaxAge = TimeSpan.FromMinutes(1) };
}
