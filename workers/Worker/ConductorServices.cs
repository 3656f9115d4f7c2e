using Conductor.Worker.Bus;
using Conductor.Worker.Client;
using Conductor.Worker.Execution;
using Conductor.Worker.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Conductor.Worker;

/// <summary>Adds workers and the client to a host.</summary>
public static class ConductorServices
{
    /// <summary>
    /// Runs workers in this process:
    /// <c>AddConductorWorkers(w =&gt; w.Add("charge_card", async (ChargeCard input, TaskContext task, CancellationToken ct) =&gt; ...))</c>.
    /// Over HTTP by default (see <see cref="AddConductorClient"/> for the address), over the bus with <see cref="ConductorWorkersBuilder.UseBus"/>.
    /// </summary>
    public static IServiceCollection AddConductorWorkers(this IServiceCollection services, Action<ConductorWorkersBuilder> configure)
    {
        var builder = new ConductorWorkersBuilder(services);
        configure(builder);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(builder);
        services.AddSingleton<TaskRunner>();
        if (builder.IsOnBus)
        {
            services.AddSingleton<BusTasks>();
            services.AddHostedService<TaskConsumers>();
            services.AddHostedService<Announcer>();
            return services;
        }
        services.AddConductorClient();
        services.AddSingleton<HttpTasks>();
        services.AddHostedService<HttpWorkers>();
        return services;
    }

    /// <summary>
    /// Adds <see cref="ConductorClient"/>. The server is <paramref name="server"/>, or configuration <c>CONDUCTOR_SERVER_URL</c>, or
    /// <c>http://workflows</c>, which service discovery turns into a real address; <c>/api</c> at its end may be left out.
    /// </summary>
    public static IServiceCollection AddConductorClient(this IServiceCollection services, Uri? server = null)
    {
        services.AddHttpClient(ConductorClient.HttpClientName, (provider, http) =>
        {
            var configured = provider.GetRequiredService<IConfiguration>()["CONDUCTOR_SERVER_URL"];
            http.BaseAddress = ApiAddress(server ?? new Uri(string.IsNullOrEmpty(configured) ? "http://workflows" : configured));
        });
        services.TryAddTransient(
            provider => new ConductorClient(provider.GetRequiredService<IHttpClientFactory>().CreateClient(ConductorClient.HttpClientName)));
        return services;
    }

    private static Uri ApiAddress(Uri server)
    {
        var text = server.ToString().TrimEnd('/');
        return new Uri((text.EndsWith("/api", StringComparison.Ordinal) ? text : text + "/api") + "/");
    }
}
