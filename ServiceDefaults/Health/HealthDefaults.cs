using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Conductor.ServiceDefaults.Health;

internal static class HealthDefaults
{
    public static void AddHealthDefaults(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        builder.Services.AddSingleton<SharedHealth>();
        builder.Services.AddSingleton<IPostConfigureOptions<HealthCheckServiceOptions>, LimitChecks>();
    }

    public static void MapHealthEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/health", async (HttpContext context, SharedHealth health) =>
            await WriteAsync(context, await health.GetAsync().WaitAsync(context.RequestAborted))).ExcludeFromDescription();
        endpoints.MapGet("/alive", async (HttpContext context, HealthCheckService checks) =>
            await WriteAsync(context, await checks.CheckHealthAsync(check => check.Tags.Contains("live"), context.RequestAborted))).ExcludeFromDescription();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        var checks = new JsonArray();
        foreach (var (name, entry) in report.Entries)
        {
            checks.Add(new JsonObject
            {
                ["name"] = name,
                ["status"] = entry.Status.ToString(),
                ["description"] = entry.Description ?? entry.Exception?.Message,
                ["milliseconds"] = Math.Round(entry.Duration.TotalMilliseconds, 1),
            });
        }
        context.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.Headers.CacheControl = "no-store, no-cache";
        return context.Response.WriteAsJsonAsync(new JsonObject { ["status"] = report.Status.ToString(), ["checks"] = checks }, context.RequestAborted);
    }
}
