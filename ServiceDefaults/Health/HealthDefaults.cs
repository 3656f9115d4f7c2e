using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Conductor.ServiceDefaults.Health;

internal static class HealthDefaults
{
    public static void AddHealthDefaults(this IHostApplicationBuilder builder) =>
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);

    public static void MapHealthEndpoints(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync });
        endpoints.MapHealthChecks("/alive", new HealthCheckOptions { ResponseWriter = WriteAsync, Predicate = check => check.Tags.Contains("live") });
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
        return context.Response.WriteAsJsonAsync(new JsonObject { ["status"] = report.Status.ToString(), ["checks"] = checks }, context.RequestAborted);
    }
}
