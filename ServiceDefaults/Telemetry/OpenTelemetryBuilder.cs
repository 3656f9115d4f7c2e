using OpenTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Stands in for OpenTelemetry.Extensions.Hosting, with its names: the SDK's own extensions do the rest.</summary>
internal static class OpenTelemetryServices
{
    public static IOpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        // First, so that the providers listen before any other hosted service works.
        if (!services.Any(s => s.ImplementationType == typeof(Conductor.ServiceDefaults.Telemetry.TelemetryStart)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<Hosting.IHostedService, Conductor.ServiceDefaults.Telemetry.TelemetryStart>());
        }
        return new Builder(services);
    }

    private sealed record Builder(IServiceCollection Services) : IOpenTelemetryBuilder;
}
