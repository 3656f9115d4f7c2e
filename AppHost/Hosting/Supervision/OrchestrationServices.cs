using Conductor.Hosting.Api;
using Conductor.Hosting.Composition;
using Conductor.Hosting.Launching;
using Conductor.Hosting.Logs;
using Conductor.Hosting.Processes;
using Conductor.Hosting.Resolution;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Conductor.Hosting.Supervision;

internal static class OrchestrationServices
{
    public static IServiceCollection AddOrchestration(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ConsoleLog>().AddSingleton<LogStore>().AddSingleton<ResourceBoard>().AddSingleton<Waiting>();
        services.AddSingleton(p => new ProcessRecord(p.GetRequiredService<DataFolder>().Processes));
        services.AddSingleton<ProjectEnvironment>().AddSingleton<EnvironmentResolver>().AddSingleton<Launchers>();
        services.AddSingleton<ResourceViews>().AddSingleton<ResourceServices>().AddSingleton<Orchestrator>();
        services.AddHostedService(p => p.GetRequiredService<Orchestrator>());
        services.AddHostedService<ReadyReport>();
        return services;
    }
}
