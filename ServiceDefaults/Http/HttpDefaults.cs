using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace Conductor.ServiceDefaults.Http;

internal static class HttpDefaults
{
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Every HttpClient of the factory: at most three retries with exponential pauses of what may be repeated, a circuit of its own for each
    /// authority, 30 s for each attempt, and logical names (<c>http://workflows</c>) from configuration <c>services:NAME:SCHEME:n</c>.
    /// </summary>
    public static void AddHttpDefaults(this IServiceCollection services)
    {
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http =>
        {
            // Outside of discovery, so that each attempt may get the next address.
            http.AddStandardResilienceHandler(Configure).SelectPipelineByAuthority();
            http.AddServiceDiscovery();
        });
    }

    /// <summary>Every request of a client: see <see cref="WriteGuard"/>.</summary>
    public static void AddWriteGuard(this IServiceCollection services)
    {
        services.AddOptions<WriteOptions>().Configure<IConfiguration>((options, configuration) =>
        {
            foreach (var origin in (configuration["AllowedOrigins"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                options.AllowedOrigins.Add(origin);
        });
        services.AddTransient<IStartupFilter, WriteGuardStartup>();
    }

    private static void Configure(HttpStandardResilienceOptions options)
    {
        // A POST that timed out may have had its effect (RFC 9110, section 9.2.2).
        options.Retry.DisableFor(HttpMethod.Post, HttpMethod.Patch, HttpMethod.Connect);
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.AttemptTimeout.Timeout = Attempt;
        options.TotalRequestTimeout.Timeout = (options.Retry.MaxRetryAttempts + 1) * Attempt;
        options.CircuitBreaker.FailureRatio = 0.5;
        options.CircuitBreaker.MinimumThroughput = 10;
        options.CircuitBreaker.SamplingDuration = 2 * Attempt;
        options.CircuitBreaker.BreakDuration = TimeSpan.FromSeconds(5);
    }
}
