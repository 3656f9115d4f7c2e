using Conductor.ServiceDefaults.Changes;
using Conductor.ServiceDefaults.Errors;
using Conductor.ServiceDefaults.Health;
using Conductor.ServiceDefaults.Http;
using Conductor.ServiceDefaults.Logging;
using Conductor.ServiceDefaults.Memory;
using Conductor.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the platform gets, under the names that Aspire's service defaults use.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds telemetry, health checks, problem details, logs, OpenAPI, service discovery and the resilient HttpClient.
    /// Call it first: what a service registers afterwards (an exception handler, say) goes before these defaults.
    /// </summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.TryAddSingleton<ChangeFeed>();
        builder.Services.AddHostedService(services => IdleCollection.OfProcess(services.GetRequiredService<TimeProvider>()));
        builder.AddLogDefaults();
        builder.AddTelemetryDefaults();
        builder.AddHealthDefaults();
        builder.Services.AddProblemDefaults();
        builder.Services.AddOpenApi();
        builder.Services.AddHttpDefaults();
        builder.Services.AddAnswerDefaults();
        builder.Services.AddWriteGuard();
        if (builder is WebApplicationBuilder web) ListenOnLoopback(web);
        return builder;
    }

    /// <summary>Maps <c>/health</c>, <c>/alive</c>, <c>/metrics</c>, <c>/openapi/v1.json</c> and the Swagger page at <c>/swagger</c>.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthEndpoints();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi("/openapi/v1.json");
        // In a branch of its own: other requests need not pass through it.
        app.UseWhen(context => context.Request.Path.StartsWithSegments("/swagger", StringComparison.OrdinalIgnoreCase), branch => branch.UseSwaggerUI(page =>
        {
            page.RoutePrefix = "swagger";
            page.DocumentTitle = app.Environment.ApplicationName;
            page.SwaggerEndpoint("/openapi/v1.json", app.Environment.ApplicationName);
        }));
        return app;
    }

    private static void ListenOnLoopback(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestLimits.LargestBody;
        });
        var configuration = builder.Configuration;
        // Another site's name that resolves to this machine must not reach a service (DNS rebinding).
        configuration["AllowedHosts"] ??= "127.0.0.1;localhost;[::1]";
        var isConfigured = new[] { "urls", "http_ports", "https_ports" }.Any(key => !string.IsNullOrEmpty(configuration[key]))
            || configuration.GetSection("Kestrel:Endpoints").Exists();
        if (!isConfigured) builder.WebHost.UseUrls("http://127.0.0.1:0");
    }
}
