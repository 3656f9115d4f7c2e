using Conductor.ServiceDefaults.Http;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;

namespace Conductor.Console.Login;

internal static class LoginRegistration
{
    public static void AddLogin(this WebApplicationBuilder builder)
    {
        var options = builder.Configuration.GetSection("Console").Get<LoginOptions>() ?? new();
        var token = new LoginToken(options.LoginToken);
        builder.Services.AddSingleton(token);
        builder.AddKeys(string.IsNullOrEmpty(options.Keys) ? null : options.Keys, token);
        builder.Services.AddScoped<SessionCookie>();
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie => SessionCookie.Configure(cookie, token));
        // Denies by default, also what has no endpoint. The probes come with the service defaults, which know nothing of logins.
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new([new Microsoft.AspNetCore.Authorization.Infrastructure.AssertionRequirement(asked =>
            asked.User.Identity is { IsAuthenticated: true } || asked.Resource is HttpContext { Request.Path.Value: "/health" or "/alive" })], []));
        builder.Services.Configure<WriteOptions>(writes =>
        {
            writes.BodyTypes.Add("application/x-www-form-urlencoded");
            writes.BodyTypes.Add("multipart/form-data");
        });
        builder.Services.AddAntiforgery(forms =>
        {
            forms.Cookie.Name = $"conductor-console-forms-{token.Fingerprint}";
            forms.Cookie.SameSite = SameSiteMode.Strict;
            forms.SuppressXFrameOptionsHeader = true;
        });
    }

    private static void AddKeys(this WebApplicationBuilder builder, string? folder, LoginToken token)
    {
        builder.Services.AddSingleton(services => new EndedSessions(folder, services.GetRequiredService<TimeProvider>()));
        // What was protected under another token is not taken: sessions end with their token.
        var keys = builder.Services.AddDataProtection().SetApplicationName($"conductor-console-{token.Fingerprint}");
        if (folder is null)
        {
            keys.UseEphemeralDataProtectionProvider();
            return;
        }
        keys.PersistKeysToFileSystem(PrivateFolder(folder));
        // It would warn that the keys are not encrypted: the folder is its user's alone, as the token is.
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
    }

    private static DirectoryInfo PrivateFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
