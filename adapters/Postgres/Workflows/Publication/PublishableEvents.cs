namespace Conductor.Postgres.Workflows.Publication;

/// <summary>What a transaction did to an execution.</summary>
/// <param name="Position">Where it is among all.</param>
/// <param name="At">When.</param>
/// <param name="Events">A JSON list of the events, each <c>[kind, task or null, detail or null]</c>.</param>
/// <param name="Execution">The execution; null where it has been removed.</param>
public sealed record PublishableEvents(HistoryPosition Position, DateTimeOffset At, string Events, PublishedExecution? Execution);

/// <summary>A place in the history of all executions.</summary>
/// <param name="Transaction">Number of the transaction, in digits.</param>
/// <param name="WorkflowId">The execution.</param>
/// <param name="Number">Number of the first event, from 1.</param>
public sealed record HistoryPosition(string Transaction, Guid WorkflowId, int Number);

/// <summary>What does not change of an execution.</summary>
public sealed record PublishedExecution(string Name, int Version, string? CorrelationId);
