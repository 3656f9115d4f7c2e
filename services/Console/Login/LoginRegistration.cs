using Microsoft.AspNetCore.DataProtection;

namespace Conductor.Console.Login;

internal static class LoginRegistration
{
    public static void AddLogin(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Console").Get<LoginOptions>() ?? new();
        var session = new LoginSession(options, TimeProvider.System);
        builder.Services.AddSingleton(session);
        // Another site's name that resolves to this machine must not reach the console (DNS rebinding).
        builder.Configuration["AllowedHosts"] ??= "127.0.0.1;localhost;[::1]";
        builder.Services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = $"conductor-console-forms-{session.InstanceName}";
            forms.Cookie.SameSite = SameSiteMode.Strict;
            forms.SuppressXFrameOptionsHeader = true;
        });
        // Keys of forms live as long as the process: a form of an earlier one is refused with a message, and nothing is written to disk.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
    }
}
