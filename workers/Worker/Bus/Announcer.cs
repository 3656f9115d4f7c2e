using Conductor.Contracts.Workflows;
using Microsoft.Extensions.Hosting;
using Conductor.Worker.Execution;

namespace Conductor.Worker.Bus;

/// <summary>Tells the server every 10 s who executes what; the server takes a silent worker for gone.</summary>
internal sealed class Announcer(BusTasks tasks, ConductorWorkersBuilder options, ServerOutage outage, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                foreach (var announcement in Announcements()) await tasks.AnnounceAsync(announcement, stoppingToken);
                outage.Succeeded();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                outage.Failed(e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<WorkerAnnounced> Announcements() => options.Handlers.Select(handler => new WorkerAnnounced
    {
        TaskType = handler.TaskType,
        Domain = handler.Domain,
        WorkerId = options.WorkerId,
        Concurrency = handler.Concurrency,
    });
}
