using System.Collections.Concurrent;
using Conductor.Postgres;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// Who polled what when. Kept in memory and written every few seconds: a poll must not cost a write. What other servers have written is read
/// then, so that each knows which worker domains are alive.
/// </summary>
internal sealed partial class PollLog(PollData polled, BackgroundLoops loops, TimeProvider time, ILogger<PollLog> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);
    // Conductor's own: a domain whose workers have been silent for longer gets no task that may go to another one.
    private static readonly TimeSpan Alive = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<(string TaskType, string Domain, string WorkerId), DateTimeOffset> _latest = new();
    private readonly ConcurrentDictionary<(string TaskType, string Domain), DateTimeOffset> _domains = new();

    public void Polled(string taskType, string? domain, string? workerId)
    {
        var now = time.GetUtcNow();
        _latest[(taskType, domain ?? "", workerId ?? "")] = now;
        if (!string.IsNullOrEmpty(domain)) _domains[(taskType, domain)] = now;
    }

    /// <summary>Whether workers of the domain have asked for the type lately, here or at another server.</summary>
    public bool IsPolled(string taskType, string domain) => _domains.TryGetValue((taskType, domain), out var at) && time.GetUtcNow() - at <= Alive;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => loops.RunAsync("the log of polls", TurnAsync, stoppingToken);

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        await loop.RestAsync(Task.Delay(Every, time, cancellationToken));
        var polls = _latest.ToArray();
        if (polls.Length > 0) await WriteAsync(polls, cancellationToken);
        // What came in between stays.
        foreach (var poll in polls) _latest.TryRemove(poll);
        await ReadDomainsAsync(cancellationToken);
    }

    private async Task WriteAsync(KeyValuePair<(string TaskType, string Domain, string WorkerId), DateTimeOffset>[] polls, CancellationToken cancellationToken)
    {
        try
        {
            await polled.WriteAsync([.. polls.Select(p => new PollDataRow(p.Key.TaskType, p.Key.Domain, p.Key.WorkerId, p.Value))], cancellationToken);
        }
        catch (Exception e) when (polls.Length > 1 && !DatabaseOutage.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            // A row that the database refuses does not keep the others from it.
            foreach (var poll in polls) await WriteAsync([poll], cancellationToken);
        }
        catch (Exception e) when (!DatabaseOutage.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            LogRefused(e, polls[0].Key.TaskType);
        }
    }

    private async Task ReadDomainsAsync(CancellationToken cancellationToken)
    {
        var since = time.GetUtcNow() - Alive;
        foreach (var (taskType, domain, at) in await polled.DomainsAsync(since, cancellationToken))
            _domains.AddOrUpdate((taskType, domain), at, (_, known) => known > at ? known : at);
        foreach (var silent in _domains.Where(d => d.Value < since).ToList()) _domains.TryRemove(silent);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A poll of {TaskType} could not be noted")]
    private partial void LogRefused(Exception exception, string taskType);
}
