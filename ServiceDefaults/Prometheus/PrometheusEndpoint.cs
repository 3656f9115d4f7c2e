using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Conductor.ServiceDefaults.Prometheus;

internal static class PrometheusEndpoint
{
    public static void MapPrometheusEndpoint(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/metrics", async (PrometheusExporter exporter, CancellationToken cancellationToken) =>
                Results.Text(await exporter.ScrapeAsync(cancellationToken), "text/plain; version=0.0.4; charset=utf-8"))
            .ExcludeFromDescription();
}
