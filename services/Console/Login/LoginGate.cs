namespace Conductor.Console.Login;

/// <summary>Denies by default: without a session only the login page, the assets and the probes answer.</summary>
internal sealed class LoginGate(RequestDelegate next, LoginSession session)
{
    private static readonly PathString[] Open = ["/login", "/assets", "/health", "/alive", "/metrics"];

    public Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path;
        if (Open.Any(open => path.StartsWithSegments(open, StringComparison.Ordinal)) || session.IsOpen(context))
            return next(context);
        if (!HttpMethods.IsGet(context.Request.Method) || path.StartsWithSegments("/events", StringComparison.Ordinal))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }
        context.Response.Redirect($"/login?returnUrl={Uri.EscapeDataString(path + context.Request.QueryString)}");
        return Task.CompletedTask;
    }
}
