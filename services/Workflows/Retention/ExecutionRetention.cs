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
internal sealed class ExecutionRetention(
    EndedExecutions ended, DefinitionTables definitions, ExecutionArchive archive, SetAside setAside, RetentionOptions options, ExecutionRemovals removed,
    BackgroundLoops loops, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Removes one batch of each definition that has executions to go. Returns how many executions went.</summary>
    /// <exception cref="AggregateException">Some definitions' batches failed; those of the others are done.</exception>
    public async Task<int> RoundAsync(CancellationToken cancellationToken)
    {
        var (now, periods) = (time.GetUtcNow(), new RetentionPeriods(options.Period, await definitions.RetentionDaysAsync(cancellationToken)));
        var (total, failures) = (0, new List<Exception>());
        foreach (var name in (await ended.OldestAsync(cancellationToken)).Where(o => periods.IsDue(o.Name, o.EndedAt, now)).Select(o => o.Name))
        {
            try
            {
                total += await RemoveAsync(name, periods.EndedBefore(name, now), cancellationToken);
            }
            catch (Exception e) when (!DatabaseOutage.Is(e) && !cancellationToken.IsCancellationRequested)
            {
                // A file that cannot be written keeps the executions of its definition only.
                failures.Add(e);
            }
            await Task.Delay(options.Pause, time, cancellationToken);
        }
        removed.Looked();
        return failures.Count == 0 ? total : throw new AggregateException(failures);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Enabled
        ? loops.RunAsync("the removal of old executions", TurnAsync, stoppingToken, Patience)
        : Task.CompletedTask;

    private async Task TurnAsync(BackgroundLoop loop, CancellationToken cancellationToken)
    {
        if (await RoundAsync(cancellationToken) == 0) await loop.RestAsync(Task.Delay(options.Every, time, cancellationToken));
    }

    private async Task<int> RemoveAsync(string name, DateTimeOffset before, CancellationToken cancellationToken)
    {
        await using var removal = await ended.BeginAsync(cancellationToken);
        if (removal is null) return 0;
        var due = await removal.DueAsync(name, before, options.BatchSize, setAside.Ids, cancellationToken);
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
}
