using Conductor.Domain.Workflows.Retention;
using Conductor.Postgres;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Postgres.Workflows.Retention;

namespace Conductor.Workflows.Retention;

/// <summary>
/// Removes executions whose period has passed since their end: oldest first, in small batches with pauses, each of one definition and one day. A batch
/// is in the archive before it leaves the database; a crash in between makes it be archived again. Servers take turns.
/// </summary>
internal sealed partial class ExecutionRetention(
    EndedExecutions ended, DefinitionTables definitions, ExecutionArchive archive, RetentionOptions options, ExecutionRemovals removed, BackgroundLoops loops,
    TimeProvider time, ILogger<ExecutionRetention> logger) : BackgroundService
{
    // A file that cannot be written holds up the executions of its definition only; they are tried again once the others are done.
    private readonly Dictionary<string, Exception> _failed = [];

    /// <summary>Removes one batch of each definition that has executions to go. Returns how many executions went. Not thread-safe.</summary>
    /// <exception cref="AggregateException">None are left to go but those of definitions whose batches fail.</exception>
    public async Task<int> RoundAsync(CancellationToken cancellationToken, BackgroundLoop? loop = null)
    {
        var (now, total) = (time.GetUtcNow(), 0);
        var periods = new RetentionPeriods(options.Period, await definitions.RetentionDaysAsync(cancellationToken));
        var due = (await ended.OldestAsync(cancellationToken)).Where(o => periods.IsDue(o.Name, o.EndedAt, now)).Select(o => o.Name);
        foreach (var name in due.Where(name => !_failed.ContainsKey(name)))
        {
            total += await TryRemoveAsync(name, periods.EndedBefore(name, now), cancellationToken);
            var pause = Task.Delay(options.Pause, time, cancellationToken);
            await (loop?.RestAsync(pause) ?? pause);
        }
        removed.Looked();
        if (total > 0 || _failed.Count == 0) return total;
        var failures = _failed.Values.ToList();
        _failed.Clear();
        throw new AggregateException(failures);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Enabled
        ? loops.RunAsync("the removal of old executions", TurnAsync, stoppingToken)
        : Task.CompletedTask;

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        if (await RoundAsync(cancellationToken, loop) == 0) await loop.RestAsync(Task.Delay(options.Every, time, cancellationToken));
    }

    private async Task<int> TryRemoveAsync(string name, DateTimeOffset before, CancellationToken cancellationToken)
    {
        try
        {
            return await RemoveAsync(name, before, cancellationToken);
        }
        catch (Exception e) when (!DatabaseOutage.Is(e) && !cancellationToken.IsCancellationRequested)
        {
            LogFailed(e, name);
            _failed[name] = e;
            return 0;
        }
    }

    private async Task<int> RemoveAsync(string name, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var removal = await ended.BeginAsync(cancellationToken);
        if (removal is null) return 0;
        var due = await removal.DueAsync(name, before, options.BatchSize, archive.SetAside.Ids, cancellationToken);
        if (options.Folder is not "" && due.Count > 0)
        {
            var day = ExecutionArchive.DayOf(due[0].EndedAt);
            due = await archive.AppendAsync(removal, name, [.. due.TakeWhile(key => ExecutionArchive.DayOf(key.EndedAt) == day)], cancellationToken);
        }
        if (due.Count == 0) return 0;
        var rows = await removal.CommitAsync(due, cancellationToken);
        removed.Count(rows);
        return rows.Executions;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Executions of {Workflow} could not be removed")]
    private partial void LogFailed(Exception exception, string workflow);
}
