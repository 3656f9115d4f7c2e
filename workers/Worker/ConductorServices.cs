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
    /// <summary>Where the workflows service of a platform on this machine listens, and Conductor's own server too.</summary>
    public const string DefaultServer = "http://127.0.0.1:8080";

    private static readonly string[] ServerKeys = ["CONDUCTOR_SERVER_URL", "services:workflows:http:0", "services:workflows:https:0"];

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
        services.AddSingleton<TaskRunner>().AddSingleton<ServerOutage>();
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
    /// Adds <see cref="ConductorClient"/>. The server is <paramref name="server"/>, or configuration <c>CONDUCTOR_SERVER_URL</c>, or what
    /// Aspire says of the resource <c>workflows</c> (<c>services:workflows:http:0</c>), or <see cref="DefaultServer"/>; <c>/api</c> at its
    /// end may be left out.
    /// </summary>
    public static IServiceCollection AddConductorClient(this IServiceCollection services, Uri? server = null)
    {
        services.AddHttpClient(ConductorClient.HttpClientName, (provider, http) =>
        {
            http.BaseAddress = ApiAddress(server ?? Configured(provider.GetRequiredService<IConfiguration>()) ?? new Uri(DefaultServer));
        })
        // Each poll would be four lines of a host's log; what fails is logged by whoever called.
        .RemoveAllLoggers();
        services.TryAddTransient(
            provider => new ConductorClient(provider.GetRequiredService<IHttpClientFactory>().CreateClient(ConductorClient.HttpClientName)));
        return services;
    }

    private static Uri? Configured(IConfiguration configuration) => ServerKeys.Select(key => configuration[key])
        .Where(address => !string.IsNullOrEmpty(address)).Select(address => new Uri(address!)).FirstOrDefault();

    private static Uri ApiAddress(Uri server)
    {
        var text = server.ToString().TrimEnd('/');
        return new Uri((text.EndsWith("/api", StringComparison.Ordinal) ? text : text + "/api") + "/");
    }
}
