using Conductor.Contracts.Workflows;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conductor.Worker.Bus;

/// <summary>Tells the server every 10 s who executes what; the server takes a silent worker for gone.</summary>
internal sealed class Announcer(BusTasks tasks, ConductorWorkersBuilder options, TimeProvider time, ILogger<Announcer> logger) : BackgroundService
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
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning("the server does not hear of this worker yet: {Reason}", e.Message);
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
