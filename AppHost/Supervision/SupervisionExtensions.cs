using Conductor.AppHost.Composition;
using Conductor.AppHost.Engines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Conductor.AppHost.Supervision;

internal static class SupervisionExtensions
{
    /// <summary>Takes the data folder, ends what an earlier run left behind, checks ports and servers, and watches over what starts.</summary>
    public static void AddSupervision(this IDistributedApplicationBuilder builder, DataFolder data)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new ProcessRecord(data.Processes)).AddSingleton<ConsoleLog>().AddSingleton<ResourceLogs>();
        builder.Services.AddSingleton<Supervisor>().AddHostedService(p => p.GetRequiredService<Supervisor>());
        builder.Services.AddHostedService<ReadyReport>().AddHostedService<OrchestratorWatch>();
        builder.Eventing.Subscribe<BeforeStartEvent>(async (e, stop) =>
        {
            // Held until the process ends.
            e.Services.GetRequiredService<PlatformLock>().Take();
            var record = e.Services.GetRequiredService<ProcessRecord>();
            var left = await Leftovers.EndAsync(record.Read(), e.Services.GetRequiredService<TimeProvider>(), stop);
            if (left.Count > 0) e.Services.GetRequiredService<ConsoleLog>().Announce($"ended what an earlier run had left behind: {string.Join(", ", left)}");
            PortCheck.EnsureUsable(e.Model);
            await ExistingServers.CheckAsync(e.Model, stop);
            record.Add(Environment.ProcessId, Signal.Terminate, "apphost");
        });
        builder.Services.AddSingleton<PlatformLock>();
    }
}
