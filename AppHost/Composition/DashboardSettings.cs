using Microsoft.Extensions.Configuration;

namespace Conductor.AppHost.Composition;

/// <summary>
/// Where Aspire's dashboard listens, who may see it, and what it keeps. Only the page's own port is fixed (18888, the port of Aspire's
/// container image); whoever sends telemetry or asks for resources is told the others.
/// </summary>
internal static class DashboardSettings
{
    /// <summary>The name that Aspire gives to the dashboard's resource.</summary>
    public const string Resource = "aspire-dashboard";

    private const string LoginToken = "secrets/dashboard-login-token";
    private const int Page = 18888;

    /// <summary>Whether there is a dashboard: not with <c>--no-dashboard</c>.</summary>
    public static bool IsWanted(IConfiguration configuration) => !configuration.GetValue("no-dashboard", false);

    public static Uri Address(IConfiguration configuration) => new($"http://127.0.0.1:{Page + configuration.GetValue("port-offset", 0)}");

    /// <summary>The page's address with what logs in.</summary>
    public static string Login(IConfiguration configuration) => $"{Address(configuration)}login?t={DataFolder.Of(configuration).Secret(LoginToken)}";

    public static IEnumerable<KeyValuePair<string, string?>> For(DataFolder data, IConfiguration configuration) => new Dictionary<string, string?>
    {
        ["ASPNETCORE_URLS"] = Address(configuration).ToString().TrimEnd('/'),
        ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Loopback(Ports.Free()),
        ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = Loopback(Ports.Free()),
        ["ASPIRE_DASHBOARD_DATA_DIRECTORY"] = Path.Combine(data.Root, "dashboard"),
        ["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true",
        ["AppHost:BrowserToken"] = data.Secret(LoginToken),
        ["AppHost:OtlpApiKey"] = data.Secret("secrets/otlp-api-key"),
        ["AppHost:ResourceService:AuthMode"] = "ApiKey",
        ["AppHost:ResourceService:ApiKey"] = data.Secret("secrets/resources-api-key"),
    };

    /// <summary>The dashboard's own process: quiet, as small as it can be, and without the link that logs in on its output.</summary>
    public static void Apply(EnvironmentCallbackContext dashboard)
    {
        dashboard.EnvironmentVariables["ASPIRE_DASHBOARD_SUPPRESS_BROWSER_TOKEN_IN_OUTPUT"] = "true";
        dashboard.EnvironmentVariables["Logging__LogLevel__Default"] = "Warning";
        dashboard.EnvironmentVariables["DOTNET_gcConcurrent"] = "0";
        dashboard.EnvironmentVariables["DOTNET_GCConserveMemory"] = "5";
    }

    private static string Loopback(int port) => $"http://127.0.0.1:{port}";
}
