using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Conductor.Hosting.Proxy;
using Conductor.Hosting.Resolution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conductor.Hosting.Health;

/// <summary>Asks every replica of a resource for a page. All must answer as expected; some of them is degraded.</summary>
internal sealed class HttpCheck(IResourceWithEndpoints resource, string path, int statusCode, string? endpointName) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30) }) { Timeout = Patience };

    public static string Register(IServiceCollection services, IResourceWithEndpoints resource, string path, int statusCode, string? endpointName)
    {
        var key = $"{resource.Name}_{endpointName ?? "http"}_{path}_{statusCode}_check";
        services.AddHealthChecks().Add(new HealthCheckRegistration(key, new HttpCheck(resource, path, statusCode, endpointName), failureStatus: null, tags: null));
        return key;
    }

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var endpoint = Endpoint();
        var ports = ReplicaPorts.Of(resource)?.All(endpoint) ?? [];
        var problems = await Task.WhenAll(ports.Select(port => ProblemAsync(endpoint, port, cancellationToken)));
        var targets = resource.Annotations.OfType<ReplicaTargets>().FirstOrDefault(t => t.EndpointName == endpoint.Name);
        for (var i = 0; i < ports.Count; i++) targets?.Report(ports[i], problems[i] is null);
        var failed = problems.OfType<string>().ToList();
        return failed switch
        {
            [] => HealthCheckResult.Healthy(),
            _ when failed.Count < problems.Length => HealthCheckResult.Degraded(string.Join("; ", failed)),
            _ => HealthCheckResult.Unhealthy(string.Join("; ", failed)),
        };
    }

    private EndpointAnnotation Endpoint() => resource.Annotations.OfType<EndpointAnnotation>()
        .FirstOrDefault(e => endpointName is null ? e.UriScheme is "http" or "https" : string.Equals(e.Name, endpointName, StringComparison.OrdinalIgnoreCase))
        ?? throw new DistributedApplicationException($"The resource '{resource.Name}' has no endpoint '{endpointName ?? "http"}' for its health check");

    private async Task<string?> ProblemAsync(EndpointAnnotation endpoint, int port, CancellationToken cancellationToken)
    {
        var url = new Uri($"{endpoint.UriScheme}://{EndpointAllocator.Loopback}:{port}{path}");
        try
        {
            using var answer = await Client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)answer.StatusCode == statusCode ? null : $"{url} answered {(int)answer.StatusCode}";
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"{url}: {e.Message}";
        }
    }
}
