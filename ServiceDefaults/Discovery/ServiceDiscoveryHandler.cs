using Microsoft.Extensions.DependencyInjection;

namespace Conductor.ServiceDefaults.Discovery;

internal sealed class ServiceDiscoveryHandler(ServiceEndpoints endpoints) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri;
        if (asked is null) return await base.SendAsync(request, cancellationToken);
        request.RequestUri = endpoints.Resolve(asked);
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry asks for the logical name again, and may get the next address.
            request.RequestUri = asked;
        }
    }
}

internal static class ServiceDiscoveryServices
{
    public static void AddServiceDiscovery(this IServiceCollection services)
    {
        services.AddSingleton<ServiceEndpoints>();
        services.AddTransient<ServiceDiscoveryHandler>();
    }
}
