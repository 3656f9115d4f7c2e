using Conductor.Domain.Workflows.Deciding;

namespace Conductor.Sagas.Workflow;

/// <summary>A deadline of an attempt has passed; the service's own clock tells the saga.</summary>
public sealed record TaskDeadlinePassed(Guid WorkflowId, Guid TaskId, TaskTimeout Kind);

/// <summary>A timer of an execution is due; the service's own clock tells the saga.</summary>
public sealed record WorkflowTimerElapsed(Guid WorkflowId, Guid Token, Guid? TaskId, TimerPurpose Purpose);
