using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows.Retention;

namespace Conductor.Workflows.Retention;

/// <summary>What went with executions, by kind, for people.</summary>
internal sealed class ExecutionRemovals
{
    private readonly Removal _executions;
    private readonly Removal _tasks;
    private readonly Removal _history;
    private readonly Removal _logs;
    private readonly Removal _keys;

    public ExecutionRemovals(Removals removals, RetentionOptions options)
    {
        Removal Announce(string kind, string by) => removals.Announce(new(kind, by, options.Period, "Retention:Enabled", options.Enabled));
        _executions = Announce("executions", "retention");
        _tasks = Announce("tasks", "retention, with their execution");
        _history = Announce("history", "retention, with its execution");
        _logs = Announce("taskLogs", "retention, with their execution");
        _keys = Announce("idempotencyKeys", "retention, with their execution");
    }

    public void Count(RemovedRows rows)
    {
        _executions.Ran(rows.Executions);
        _tasks.Ran(rows.Tasks);
        _history.Ran(rows.History);
        _logs.Ran(rows.Logs);
        _keys.Ran(rows.Keys);
    }

    /// <summary>There was a look for something to remove.</summary>
    public void Looked() => Count(new RemovedRows(0, 0, 0, 0, 0));
}
