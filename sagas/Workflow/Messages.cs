using Conductor.Domain.Workflows.Deciding;

namespace Conductor.Sagas.Workflow;

/// <summary>A deadline of an attempt has passed; the service's own clock tells the saga.</summary>
public sealed record TaskDeadlinePassed(Guid WorkflowId, Guid TaskId);

/// <summary>A timer of an execution is due; the service's own clock tells the saga.</summary>
public sealed record WorkflowTimerElapsed(Guid WorkflowId, Guid Token, Guid? TaskId, TimerPurpose Purpose);

/// <summary>A message of an execution throws for good: the execution is to fail with the reason.</summary>
/// <param name="WorkflowId">The execution.</param>
/// <param name="Reason">Why.</param>
/// <param name="EvaluatesNothing">Not even its output can be evaluated.</param>
public sealed record ExecutionPoisoned(Guid WorkflowId, string Reason, bool EvaluatesNothing);
