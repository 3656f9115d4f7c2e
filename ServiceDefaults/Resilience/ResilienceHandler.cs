using Conductor.ServiceDefaults.Discovery;
using Microsoft.Extensions.DependencyInjection;

namespace Conductor.ServiceDefaults.Resilience;

/// <summary>Repeats only what may be repeated (RFC 9110, section 9.2.2): a POST that timed out may have had its effect.</summary>
internal sealed class ResilienceHandler(HttpPipelines pipelines) : DelegatingHandler
{
    private static readonly HashSet<HttpMethod> Idempotent =
        [HttpMethod.Get, HttpMethod.Head, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Put, HttpMethod.Delete];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isRepeatable = Idempotent.Contains(request.Method);
        // A body that is read from a stream once cannot be sent twice.
        if (isRepeatable && request.Content is not null) await request.Content.LoadIntoBufferAsync(cancellationToken);
        return await pipelines.For(request.RequestUri?.Authority ?? "", isRepeatable)
            .ExecuteAsync(async token => await base.SendAsync(request, token), cancellationToken);
    }
}

internal static class ResilienceServices
{
    /// <summary>Every HttpClient of the factory: retries outside, discovery inside, so that each attempt takes the next address.</summary>
    public static void AddResilientHttpClients(this IServiceCollection services)
    {
        services.AddSingleton<HttpPipelines>();
        services.AddTransient<ResilienceHandler>();
        services.ConfigureHttpClientDefaults(http => http
            .AddHttpMessageHandler<ResilienceHandler>()
            .AddHttpMessageHandler<ServiceDiscoveryHandler>());
    }
}
