namespace Conductor.Contracts.Workflows;

/// <summary>The command has been carried out, or changed nothing because it had been before.</summary>
public sealed record WorkflowCommandAccepted
{
    /// <summary>The execution.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>For a task's result: the type under which workers poll.</summary>
    public string? TaskType { get; init; }
    /// <summary>For a task's result: the task's worker domain.</summary>
    public string? Domain { get; init; }
}

/// <summary>The command was refused and has changed nothing.</summary>
public sealed record WorkflowCommandRejected
{
    /// <summary>The execution.</summary>
    public required Guid WorkflowId { get; init; }
    /// <summary>Kind of refusal.</summary>
    public required RefusalReason Reason { get; init; }
    /// <summary>For people.</summary>
    public required string Message { get; init; }
}

/// <summary>Why a command is refused.</summary>
public enum RefusalReason
{
    /// <summary>There is no such thing.</summary>
    NotFound,
    /// <summary>Not in this state.</summary>
    Conflict,
    /// <summary>The command itself is wrong.</summary>
    Invalid,
}
