using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Conductor.Console.Login;

/// <summary>What the console asks of ASP.NET Core's cookie authentication.</summary>
internal sealed class SessionCookie(EndedSessions ended) : CookieAuthenticationEvents
{
    /// <summary>After so long without a visit a session is over.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    public static void Configure(CookieAuthenticationOptions options, LoginToken token)
    {
        // Browsers share cookies between the ports of a host; the name keeps consoles that run side by side apart.
        options.Cookie.Name = $"conductor-console-{token.Fingerprint}";
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.ExpireTimeSpan = Lifetime;
        options.SlidingExpiration = true;
        options.EventsType = typeof(SessionCookie);
    }

    public static Task OpenAsync(HttpContext context)
    {
        var claims = new[] { new Claim(ClaimTypes.NameIdentifier, Guid.NewGuid().ToString("N")) };
        var user = new ClaimsPrincipal(new ClaimsIdentity(claims, CookieAuthenticationDefaults.AuthenticationScheme));
        return context.SignInAsync(user, new AuthenticationProperties { IsPersistent = true });
    }

    public static Task CloseAsync(HttpContext context, EndedSessions ended)
    {
        ended.Add(Session(context.User));
        return context.SignOutAsync();
    }

    public override Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (ended.Contains(Session(context.Principal!)))
            context.RejectPrincipal();
        return Task.CompletedTask;
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || request.Path == "/events")
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        else
            context.Response.Redirect($"/login?returnUrl={Uri.EscapeDataString(request.Path + request.QueryString)}");
        return Task.CompletedTask;
    }

    private static string Session(ClaimsPrincipal user) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("A session of the console has no id.");
}
