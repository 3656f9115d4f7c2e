using Conductor.Domain.Workflows.Executions;

namespace Conductor.Postgres.Workflows.Retention;

/// <summary>An execution that is to be removed, as it is now.</summary>
/// <param name="Id">Its id.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="NextEvent">Number of its next event: another one says that it has gone on since.</param>
public sealed record EndedKey(Guid Id, DateTimeOffset EndedAt, int NextEvent);

/// <summary>What a batch did to an execution.</summary>
/// <param name="Number">Number of the first event, from 1.</param>
/// <param name="At">When.</param>
/// <param name="Events">A JSON list of them, each <c>[kind, task or null, detail or null]</c>.</param>
public sealed record PastEvents(int Number, DateTimeOffset At, string Events);

/// <summary>An execution with everything that the database has of it.</summary>
/// <param name="Execution">The execution.</param>
/// <param name="Tasks">Its attempts, by seq.</param>
/// <param name="History">What happened, in order.</param>
/// <param name="Logs">Lines of its tasks, in order.</param>
public sealed record EndedExecution(
    StoredExecution Execution, IReadOnlyList<TaskRecord> Tasks, IReadOnlyList<PastEvents> History, IReadOnlyList<TaskLogLine> Logs);

/// <summary>How many rows a removal removed.</summary>
/// <param name="Executions">Executions; fewer than were asked for where some have gone on, or are being changed.</param>
/// <param name="Tasks">Attempts.</param>
/// <param name="History">Rows of the history.</param>
/// <param name="Logs">Lines of logs.</param>
/// <param name="Keys">Idempotency keys.</param>
public sealed record RemovedRows(int Executions, int Tasks, int History, int Logs, int Keys);
