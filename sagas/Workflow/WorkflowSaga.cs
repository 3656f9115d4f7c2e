using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Executions;
using MassTransit;

namespace Conductor.Sagas.Workflow;

/// <summary>
/// The lifecycle of an execution. Which state follows is what the pure decider says (<see cref="WorkflowDecisions"/>); this table says
/// which ones may, and what a state does not listen to.
/// </summary>
public sealed class WorkflowSaga : MassTransitStateMachine<WorkflowState>
{
    /// <summary>The lifecycle.</summary>
    public WorkflowSaga(WorkflowDecisions decide)
    {
        InstanceState(x => x.CurrentState);

        Initially(
            When(StartRequested).ThenAsync(decide.StartAsync).To(this, Running, Completed, Failed, TimedOut, Terminated));

        During(Running,
            When(TaskExecuted).ThenAsync(decide.TaskExecutedAsync).To(this, Running, Completed, Failed, TimedOut, Terminated),
            When(DeadlinesPassed).ThenAsync(decide.DeadlinesPassedAsync).To(this, Running, Failed, TimedOut, Terminated, Completed),
            When(TimerElapsed).ThenAsync(decide.TimerElapsedAsync).To(this, Running, Completed, Failed, TimedOut, Terminated),
            When(Poisoned).ThenAsync(decide.FailAsync).To(this, Failed),
            When(SkipRequested).ThenAsync(decide.SkipAsync).To(this, Running),
            When(PauseRequested).ThenAsync(decide.PauseAsync).To(this, Running, Paused),
            When(TerminateRequested).ThenAsync(decide.TerminateAsync).To(this, Terminated));

        During(Paused,
            When(TaskExecuted).ThenAsync(decide.TaskExecutedAsync).To(this, Paused, Failed, TimedOut, Terminated),
            When(DeadlinesPassed).ThenAsync(decide.DeadlinesPassedAsync).To(this, Paused, Failed, TimedOut, Terminated),
            When(TimerElapsed).ThenAsync(decide.TimerElapsedAsync).To(this, Paused, TimedOut),
            When(Poisoned).ThenAsync(decide.FailAsync).To(this, Failed),
            When(PauseRequested).ThenAsync(decide.PauseAsync).To(this, Paused),
            When(ResumeRequested).ThenAsync(decide.ResumeAsync).To(this, Running, Completed, Failed, TimedOut, Terminated),
            When(TerminateRequested).ThenAsync(decide.TerminateAsync).To(this, Terminated));

        During(Completed, Failed, TimedOut, Terminated,
            When(TaskExecuted).ThenAsync(decide.TaskExecutedAsync).Stay(this),
            When(RetryRequested).ThenAsync(decide.RetryAsync).To(this, Running, Completed, Failed, TimedOut, Terminated),
            When(RestartRequested).ThenAsync(decide.RestartAsync).To(this, Running, Completed, Failed, TimedOut, Terminated),
            When(TerminateRequested).ThenAsync(decide.TerminateAsync).To(this, Terminated),
            When(PauseRequested).ThenAsync(decide.PauseAsync).Stay(this),
            When(ResumeRequested).ThenAsync(decide.ResumeAsync).Stay(this),
            When(SkipRequested).ThenAsync(decide.SkipAsync).Stay(this),
            Ignore(DeadlinesPassed), Ignore(TimerElapsed), Ignore(Poisoned));

        // Refused with the decider's reason, or done already.
        During(Running, When(ResumeRequested).ThenAsync(decide.ResumeAsync).Stay(this));
        During(Paused, When(SkipRequested).ThenAsync(decide.SkipAsync).Stay(this));
        During([Running, Paused],
            When(RetryRequested).ThenAsync(decide.RetryAsync).Stay(this),
            When(RestartRequested).ThenAsync(decide.RestartAsync).Stay(this));
        During([Running, Paused, Completed, Failed, TimedOut, Terminated], When(LeaseExtensionRequested).ThenAsync(decide.ExtendLeaseAsync).Stay(this));
        During([Running, Paused, Completed, Failed, TimedOut, Terminated], When(StartRequested).ThenAsync(WorkflowDecisions.StartedBeforeAsync));
        During([Running, Paused, Completed, Failed, TimedOut, Terminated],
            When(TakeRequested).ThenAsync(decide.TakeAsync).Stay(this), When(ReturnRequested).ThenAsync(decide.ReturnAsync).Stay(this));
    }

    /// <summary>Under way.</summary>
    public State Running { get; } = null!;
    /// <summary>Schedules nothing.</summary>
    public State Paused { get; } = null!;
    /// <summary>Ended well.</summary>
    public State Completed { get; } = null!;
    /// <summary>Ended by a failure.</summary>
    public State Failed { get; } = null!;
    /// <summary>Ended by a timeout.</summary>
    public State TimedOut { get; } = null!;
    /// <summary>Ended from outside, or by its own TERMINATE task.</summary>
    public State Terminated { get; } = null!;

    /// <summary>A start is asked for.</summary>
    public Event<StartWorkflow> StartRequested { get; } = null!;
    /// <summary>A worker has executed a task.</summary>
    public Event<TaskExecuted> TaskExecuted { get; } = null!;
    /// <summary>A worker needs more time.</summary>
    public Event<ExtendTaskLease> LeaseExtensionRequested { get; } = null!;
    /// <summary>A worker is to get a task.</summary>
    public Event<TakeTask> TakeRequested { get; } = null!;
    /// <summary>A worker did not get its task.</summary>
    public Event<ReturnTask> ReturnRequested { get; } = null!;
    /// <summary>Deadlines of tasks may have passed.</summary>
    public Event<DeadlinesPassed> DeadlinesPassed { get; } = null!;
    /// <summary>A timer is due.</summary>
    public Event<WorkflowTimerElapsed> TimerElapsed { get; } = null!;
    /// <summary>A message throws for good.</summary>
    public Event<ExecutionPoisoned> Poisoned { get; } = null!;
    /// <summary>A pause is asked for.</summary>
    public Event<PauseWorkflow> PauseRequested { get; } = null!;
    /// <summary>A resumption is asked for.</summary>
    public Event<ResumeWorkflow> ResumeRequested { get; } = null!;
    /// <summary>An end is asked for.</summary>
    public Event<TerminateWorkflow> TerminateRequested { get; } = null!;
    /// <summary>A retry is asked for.</summary>
    public Event<RetryWorkflow> RetryRequested { get; } = null!;
    /// <summary>A restart is asked for.</summary>
    public Event<RestartWorkflow> RestartRequested { get; } = null!;
    /// <summary>A task is to be skipped.</summary>
    public Event<SkipTask> SkipRequested { get; } = null!;

    /// <summary>The lifecycle state that shows a status.</summary>
    public State For(WorkflowStatus status) => status switch
    {
        WorkflowStatus.Running => Running,
        WorkflowStatus.Paused => Paused,
        WorkflowStatus.Completed => Completed,
        WorkflowStatus.Failed => Failed,
        WorkflowStatus.TimedOut => TimedOut,
        WorkflowStatus.Terminated => Terminated,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}
