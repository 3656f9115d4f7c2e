using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Conductor.Console.Login;

internal static partial class LoginEndpoints
{
    public static void MapLogin(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", (HttpContext context, LoginSession session, ILogger<LoginSession> log, string? token, string? returnUrl) =>
            token is null ? Page(returnUrl, message: null) : Enter(context, session, log, token, returnUrl));
        app.MapPost("/login", (HttpContext context, LoginSession session, ILogger<LoginSession> log, [FromForm] string token, [FromForm] string? returnUrl) =>
            Enter(context, session, log, token.Trim(), returnUrl)).DisableAntiforgery();
        app.MapPost("/logout", (HttpContext context, LoginSession session) =>
        {
            session.Close(context);
            return Results.Redirect("/login");
        }).AddEndpointFilter<Forms.AntiforgeryFilter>();
    }

    private static RazorComponentResult<LoginPage> Enter(HttpContext context, LoginSession session, ILogger log, string token, string? returnUrl)
    {
        if (!session.Matches(token))
        {
            WrongToken(log, context.Connection.RemoteIpAddress);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Page(returnUrl, "That is not this console's token. It changes with every new data folder; the last start printed the one that counts.");
        }
        session.Open(context);
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
