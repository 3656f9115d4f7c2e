using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.AppHost.Composition;

/// <summary>
/// Health checks that wait a little for a good answer. Aspire asks again only after one, two, three and more seconds, so that a resource
/// that needs 1.1 s would count as ready after 3 s, and all that wait for it would start so much later.
/// </summary>
internal static class Readiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly HttpClient Client = new() { Timeout = Patience };
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="builder">The resource.</param>
    /// <param name="problem">Says what keeps the resource from working; null when nothing does.</param>
    public static IResourceBuilder<T> WithReadiness<T>(this IResourceBuilder<T> builder, Func<CancellationToken, Task<string?>> problem)
        where T : IResource
    {
        var key = $"{builder.Resource.Name}_ready";
        builder.ApplicationBuilder.Services.AddHealthChecks().AddAsyncCheck(key, async stop =>
        {
            var started = TimeProvider.System.GetTimestamp();
            while (await problem(stop) is { } found)
            {
                if (TimeProvider.System.GetElapsedTime(started) > Patience) return HealthCheckResult.Unhealthy(found);
                await Task.Delay(Pause, stop);
            }
            return HealthCheckResult.Healthy();
        });
        return builder.WithHealthCheck(key);
    }

    /// <summary>Why a page does not answer, or not well; null when it does.</summary>
    public static async Task<string?> ProblemAsync(Uri address, CancellationToken stop)
    {
        try
        {
            using var answer = await Client.GetAsync(address, stop);
            return answer.IsSuccessStatusCode ? null : $"{address} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(stop)}";
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return $"{address}: {e.Message}";
        }
    }
}
