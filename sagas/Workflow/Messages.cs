using Conductor.Domain.Workflows.Deciding;

namespace Conductor.Sagas.Workflow;

/// <summary>A worker is to get an attempt that waits for one.</summary>
/// <param name="WorkflowId">The execution.</param>
/// <param name="TaskId">The attempt.</param>
/// <param name="WorkerId">Who gets it.</param>
/// <param name="IsCounted">The hand-out is counted beside the attempt (a limit, the workers on the bus).</param>
/// <param name="Bus">Where the attempt's message goes to, with the trace that it follows; null for a worker that polls.</param>
public sealed record TakeTask(Guid WorkflowId, Guid TaskId, string? WorkerId, bool IsCounted = false, BusDelivery? Bus = null);

/// <summary>Where a worker on the bus gets an attempt.</summary>
/// <param name="Queue">Queue of its type (and domain).</param>
/// <param name="Trace">The trace (W3C) that made the attempt ready, if there was one.</param>
public sealed record BusDelivery(string Queue, string? Trace);

/// <summary>Whoever took an attempt never got it.</summary>
/// <param name="WorkflowId">The execution.</param>
/// <param name="TaskId">The attempt.</param>
/// <param name="PollCount">Its poll count at that hand-out.</param>
public sealed record ReturnTask(Guid WorkflowId, Guid TaskId, int PollCount);

/// <summary>Deadlines of an execution's tasks may have passed; the service's own clock tells the saga.</summary>
public sealed record DeadlinesPassed(Guid WorkflowId);

/// <summary>A timer of an execution is due; the service's own clock tells the saga.</summary>
public sealed record WorkflowTimerElapsed(Guid WorkflowId, Guid Token, Guid? TaskId, TimerPurpose Purpose);

/// <summary>A message of an execution throws for good: the execution is to fail with the reason.</summary>
/// <param name="WorkflowId">The execution.</param>
/// <param name="Reason">Why.</param>
/// <param name="EvaluatesNothing">Not even its output can be evaluated.</param>
public sealed record ExecutionPoisoned(Guid WorkflowId, string Reason, bool EvaluatesNothing);
