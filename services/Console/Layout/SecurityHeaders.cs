using System.Net;

namespace Conductor.Console.Layout;

/// <summary>Everything that the pages load comes from the console itself, and nobody but this machine gets an answer.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Connection.RemoteIpAddress is { } peer && !IPAddress.IsLoopback(peer))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }
        var headers = context.Response.Headers;
        // The Swagger page of the service defaults brings inline styles of its own.
        if (!context.Request.Path.StartsWithSegments("/swagger", StringComparison.Ordinal))
            headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // As antiforgery writes it: anything else it overwrites, with a warning each time.
        headers.CacheControl = "no-cache, no-store";
        return next(context);
    });
}
