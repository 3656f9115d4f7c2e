using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Conductor.Console.Login;

internal static partial class LoginEndpoints
{
    public static void MapLogin(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", async (HttpContext context, LoginToken secret, ILogger<LoginToken> log, string? token, string? returnUrl) =>
            token is null ? Page(returnUrl, message: null) : await EnterAsync(context, secret, log, token, returnUrl)).AllowAnonymous();
        app.MapPost("/login", (HttpContext context, LoginToken secret, ILogger<LoginToken> log, [FromForm] string token, [FromForm] string? returnUrl) =>
            EnterAsync(context, secret, log, token.Trim(), returnUrl)).DisableAntiforgery().AllowAnonymous();
        app.MapPost("/logout", async (HttpContext context, EndedSessions ended) =>
        {
            await SessionCookie.CloseAsync(context, ended);
            return Results.Redirect("/login");
        }).AddEndpointFilter<Forms.AntiforgeryFilter>();
    }

    private static async Task<RazorComponentResult<LoginPage>> EnterAsync(HttpContext context, LoginToken secret, ILogger log, string token, string? returnUrl)
    {
        if (!secret.Matches(token))
        {
            WrongToken(log, context.Connection.RemoteIpAddress);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Page(returnUrl, "That is not this console's token. It changes with every new data folder; the last start printed the one that counts.");
        }
        await SessionCookie.OpenAsync(context);
        // A page that moves on by itself, not a redirect: browsers withhold a SameSite=Strict cookie from redirects of a navigation
        // that began on another site (the link may have been clicked in a chat or a mail).
        return new(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(LoginPage.Continue)] = LocalPath(returnUrl) });
    }

    private static RazorComponentResult<LoginPage> Page(string? returnUrl, string? message) =>
        new(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [nameof(LoginPage.ReturnUrl)] = LocalPath(returnUrl),
            [nameof(LoginPage.Message)] = message,
        });

    /// <summary>Never leads to another host: <c>//host</c> and <c>/\host</c> are absolute to a browser.</summary>
    internal static string LocalPath(string? url) =>
        url is ['/', ..] and not ['/', '/' or '\\', ..] && !url.Any(char.IsControl) ? url : "/";

    [LoggerMessage(LogLevel.Warning, "A login with a wrong token from {Address}")]
    private static partial void WrongToken(ILogger log, System.Net.IPAddress? address);
}
