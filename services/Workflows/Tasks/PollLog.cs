using System.Collections.Concurrent;
using Conductor.Postgres;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>Who polled what when. Kept in memory and written every few seconds: a poll must not cost a write.</summary>
internal sealed partial class PollLog(PollData polled, TimeProvider time, ILogger<PollLog> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string TaskType, string Domain, string WorkerId), DateTimeOffset> _latest = new();

    public void Polled(string taskType, string? domain, string? workerId) => _latest[(taskType, domain ?? "", workerId ?? "")] = time.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var polls = _latest.ToArray();
            if (polls.Length == 0) continue;
            try
            {
                await polled.WriteAsync([.. polls.Select(p => new PollDataRow(p.Key.TaskType, p.Key.Domain, p.Key.WorkerId, p.Value))], stoppingToken);
                // What came in between stays.
                foreach (var poll in polls) _latest.TryRemove(poll);
            }
            catch (Exception e) when (DatabaseOutage.Is(e))
            {
                LogNotWritten(e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Poll data could not be written; trying again")]
    private partial void LogNotWritten(Exception exception);
}
