using System.Text.Json;

namespace Conductor.Contracts.Workflows;

/// <summary>What a start does whose idempotency key has been used.</summary>
public enum IdempotencyStrategy
{
    /// <summary>It is the same start again: the execution of the first one is the answer.</summary>
    ReturnExisting,
    /// <summary>It is refused.</summary>
    Fail,
    /// <summary>It is refused while the execution of the key has not ended; afterwards it starts another one.</summary>
    FailOnRunning,
}

/// <summary>Starts one execution of a registered definition. The sender chooses the id, so that a repeat is harmless.</summary>
public sealed record StartWorkflow
{
    /// <summary>Id of the execution to create.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Name of the definition.</summary>
    public required string Name { get; init; }
    /// <summary>Version of the definition; the latest when null.</summary>
    public int? Version { get; init; }
    /// <summary>Hash of a definition that is kept but not registered; it goes before <see cref="Name"/> and <see cref="Version"/>.</summary>
    public string? DefinitionHash { get; init; }
    /// <summary>The caller's own key for related executions.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>A JSON object; undefined counts as an empty object.</summary>
    public JsonElement Input { get; init; }
    /// <summary>0 to 99; tasks of a higher priority are handed out first.</summary>
    public int Priority { get; init; }
    /// <summary>Worker domain by task type; <c>*</c> stands for every type.</summary>
    public IReadOnlyDictionary<string, string>? TaskToDomain { get; init; }
    /// <summary>Who asked.</summary>
    public string? CreatedBy { get; init; }
    /// <summary>The caller's own name for this start, unique for the definition's name; null for none.</summary>
    public string? IdempotencyKey { get; init; }
    /// <summary>What to do when the key has been used.</summary>
    public IdempotencyStrategy IdempotencyStrategy { get; init; }
}

/// <summary>Stops scheduling; tasks that are running may finish.</summary>
public sealed record PauseWorkflow
{
    /// <summary>Execution to pause.</summary>
    public required Guid WorkflowId { get; init; }
}

/// <summary>Goes on scheduling after a pause.</summary>
public sealed record ResumeWorkflow
{
    /// <summary>Execution to resume.</summary>
    public required Guid WorkflowId { get; init; }
}

/// <summary>Ends an execution and cancels its open tasks.</summary>
public sealed record TerminateWorkflow
{
    /// <summary>Execution to terminate.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Becomes the execution's reason for incompletion.</summary>
    public string? Reason { get; init; }
}

/// <summary>Schedules the last failed or cancelled attempt of each task again.</summary>
public sealed record RetryWorkflow
{
    /// <summary>Execution to retry; it must have ended without success.</summary>
    public required Guid WorkflowId { get; init; }
}

/// <summary>Runs an ended execution from its start again, under the same id.</summary>
public sealed record RestartWorkflow
{
    /// <summary>Execution to restart.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Takes the latest registered definition instead of the one that it started with.</summary>
    public bool UseLatestDefinition { get; init; }
}

/// <summary>Asks the worker that consumes queue <c>task.&lt;type&gt;</c> to execute one attempt of a task.</summary>
public sealed record ExecuteTask
{
    /// <summary>Execution that the task belongs to.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Id of this attempt; a retry has another one.</summary>
    public required Guid TaskId { get; init; }
    /// <summary>Task type, the key under which workers register.</summary>
    public required string TaskType { get; init; }
    /// <summary>Reference name in the definition.</summary>
    public required string ReferenceName { get; init; }
    /// <summary>Name of the workflow definition.</summary>
    public required string WorkflowName { get; init; }
    /// <summary>The execution's correlation id.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>0 for the first attempt.</summary>
    public int Attempt { get; init; }
    /// <summary>A JSON object.</summary>
    public JsonElement Input { get; init; }
    /// <summary>The worker's lease: without a result or an extension for so long, the attempt times out. Zero: no lease.</summary>
    public TimeSpan ResponseTimeout { get; init; }
}

/// <summary>Keeps the lease of a running attempt; nothing else changes.</summary>
public sealed record ExtendTaskLease
{
    /// <summary>Execution that the task belongs to.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Attempt to keep.</summary>
    public required Guid TaskId { get; init; }
    /// <summary>Who holds it.</summary>
    public string? WorkerId { get; init; }
    /// <summary>Lines to add to the task's log.</summary>
    public IReadOnlyList<string>? Logs { get; init; }
}

/// <summary>Marks a task that has not been reached as done.</summary>
public sealed record SkipTask
{
    /// <summary>Execution that the task belongs to.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Reference name in the definition.</summary>
    public required string ReferenceName { get; init; }
    /// <summary>Input to show, a JSON object.</summary>
    public JsonElement Input { get; init; }
    /// <summary>Output to show, a JSON object.</summary>
    public JsonElement Output { get; init; }
}

/// <summary>Starts the failure workflow of an execution that has failed; its input gets the whole failed execution.</summary>
public sealed record StartFailureWorkflow
{
    /// <summary>Id of the execution to create.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Execution that has failed.</summary>
    public required Guid FailedWorkflowId { get; init; }
    /// <summary>Name of the definition to start.</summary>
    public required string Name { get; init; }
    /// <summary>Its version; the latest when null.</summary>
    public int? Version { get; init; }
    /// <summary>The input without the failed execution.</summary>
    public JsonElement Input { get; init; }
    /// <summary>The failed execution's key for related executions.</summary>
    public string? CorrelationId { get; init; }
    /// <summary>The failed execution's worker domains.</summary>
    public IReadOnlyDictionary<string, string>? TaskToDomain { get; init; }
}
