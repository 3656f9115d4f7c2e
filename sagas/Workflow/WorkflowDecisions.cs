using Conductor.Contracts;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using MassTransit;

namespace Conductor.Sagas.Workflow;

/// <summary>
/// What the lifecycle asks the pure decider: makes its command from a message, loads what the decision misses, takes it over, answers.
/// The clock and the ids come from here.
/// </summary>
public sealed class WorkflowDecisions(IWorkflowCatalog catalog, ScriptWaits waits, TimeProvider time)
{
    private static readonly Uri Commands = BusAddress.Of(WorkflowQueues.Commands);

    internal async Task StartAsync(BehaviorContext<WorkflowState, StartWorkflow> context)
    {
        var message = context.Message;
        var found = message.DefinitionHash is { } hash
            ? await catalog.GetAsync(hash, context.CancellationToken)
            : await catalog.FindAsync(message.Name, message.Version, context.CancellationToken);
        if (found is not { } graph)
        {
            var version = message.Version?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null";
            await RefuseAsync(context, message.WorkflowId, RefusalReason.NotFound, $"No such workflow defined. name={message.Name}, version={version}");
            return;
        }
        context.Saga.Session = catalog.NewSession(graph);
        await DecideAsync(context, message.WorkflowId, (now, seed) => new StartExecution
        {
            Now = now, Seed = seed, WorkflowId = message.WorkflowId, Input = message.Input, CorrelationId = message.CorrelationId,
            Priority = message.Priority, TaskToDomain = message.TaskToDomain, CreatedBy = message.CreatedBy,
        });
    }

    // The id was chosen by the sender: the same start again has been carried out.
    internal Task StartedBeforeAsync(BehaviorContext<WorkflowState, StartWorkflow> context) => AcceptAsync(context, context.Message.WorkflowId);

    internal async Task TaskExecutedAsync(BehaviorContext<WorkflowState, TaskExecuted> context)
    {
        var message = context.Message;
        if (await context.Saga.Session!.TaskAsync(message.TaskId, context.CancellationToken) is not { } task)
        {
            await NoTaskAsync(context, message.WorkflowId, message.TaskId);
            return;
        }
        await DecideAsync(context, message.WorkflowId, (now, seed) => new CompleteTask
        {
            Now = now, Seed = seed, Task = task, Status = Status(message.Outcome), Output = message.Output, Reason = message.Reason,
            WorkerId = message.WorkerId, CallbackAfterSeconds = (long)Math.Ceiling(message.CallbackAfter.TotalSeconds),
            Logs = message.Logs ?? [],
        });
    }

    internal async Task ExtendLeaseAsync(BehaviorContext<WorkflowState, ExtendTaskLease> context)
    {
        var message = context.Message;
        if (await context.Saga.Session!.TaskAsync(message.TaskId, context.CancellationToken) is not { } task)
        {
            await NoTaskAsync(context, message.WorkflowId, message.TaskId);
            return;
        }
        await DecideAsync(context, message.WorkflowId, (now, seed) => new CompleteTask
        {
            Now = now, Seed = seed, Task = task, Status = TaskResultStatus.InProgress, WorkerId = message.WorkerId, ExtendLease = true,
            Logs = message.Logs ?? [],
        });
    }

    internal async Task DeadlinePassedAsync(BehaviorContext<WorkflowState, TaskDeadlinePassed> context)
    {
        if (await context.Saga.Session!.TaskAsync(context.Message.TaskId, context.CancellationToken) is not { } task) return;
        await DecideAsync(
            context, context.Message.WorkflowId, (now, seed) => new TimeOutTask { Now = now, Seed = seed, Task = task });
    }

    internal async Task TimerElapsedAsync(BehaviorContext<WorkflowState, WorkflowTimerElapsed> context)
    {
        var message = context.Message;
        var task = message.TaskId is { } id ? await context.Saga.Session!.TaskAsync(id, context.CancellationToken) : null;
        await DecideAsync(context, message.WorkflowId, (now, seed) => new FireTimer
        {
            Now = now, Seed = seed, Token = message.Token, Purpose = message.Purpose, Task = task,
        });
    }

    internal Task FailAsync(BehaviorContext<WorkflowState, ExecutionPoisoned> context) => DecideAsync(context, context.Message.WorkflowId, (now, seed) =>
        new FailExecution { Now = now, Seed = seed, Reason = context.Message.Reason, EvaluatesNothing = context.Message.EvaluatesNothing });

    internal Task PauseAsync(BehaviorContext<WorkflowState, PauseWorkflow> context) =>
        DecideAsync(context, context.Message.WorkflowId, (now, seed) => new PauseExecution { Now = now, Seed = seed });

    internal Task ResumeAsync(BehaviorContext<WorkflowState, ResumeWorkflow> context) =>
        DecideAsync(context, context.Message.WorkflowId, (now, seed) => new ResumeExecution { Now = now, Seed = seed });

    internal Task TerminateAsync(BehaviorContext<WorkflowState, TerminateWorkflow> context) =>
        DecideAsync(context, context.Message.WorkflowId, (now, seed) => new TerminateExecution { Now = now, Seed = seed, Reason = context.Message.Reason });

    internal Task RetryAsync(BehaviorContext<WorkflowState, RetryWorkflow> context) =>
        DecideAsync(context, context.Message.WorkflowId, (now, seed) => new RetryExecution { Now = now, Seed = seed });

    internal async Task RestartAsync(BehaviorContext<WorkflowState, RestartWorkflow> context)
    {
        var instance = context.Saga.Instance!;
        if (context.Message.UseLatestDefinition && await catalog.FindAsync(instance.Name, version: null, context.CancellationToken) is { } latest)
            context.Saga.Session = context.Saga.Session!.With(latest);
        await DecideAsync(context, context.Message.WorkflowId, (now, seed) => new RestartExecution { Now = now, Seed = seed });
    }

    internal Task SkipAsync(BehaviorContext<WorkflowState, SkipTask> context) => DecideAsync(context, context.Message.WorkflowId, (now, seed) => new SkipAhead
    {
        Now = now, Seed = seed, ReferenceName = context.Message.ReferenceName, Input = context.Message.Input, Output = context.Message.Output,
    });

    internal static Task NoWorkflowAsync(ConsumeContext context, Guid workflowId) =>
        RefuseAsync(context, workflowId, RefusalReason.NotFound, $"No such workflow found by id: {workflowId}");

    internal static Task NoTaskAsync(ConsumeContext context, Guid workflowId, Guid taskId) =>
        RefuseAsync(context, workflowId, RefusalReason.NotFound, $"No such task found by id: {taskId}");

    private async Task DecideAsync<TMessage>(
        BehaviorContext<WorkflowState, TMessage> context, Guid workflowId, Func<DateTimeOffset, Guid, WorkflowCommand> make)
        where TMessage : class
    {
        var state = context.Saga;
        var attempt = waits.Of(context.Message) ?? DecisionAttempt.First(time.GetUtcNow());
        var command = make(attempt.Now, attempt.Seed);
        while (true)
        {
            switch (WorkflowDecider.Decide(state.Instance, command, state.Session!.Context with { Scripts = attempt.Scripts }))
            {
                case Decision.Unevaluated unevaluated:
                    waits.Begin(context.Message, attempt, state.Session.Context.Graph.Definition.Name!, unevaluated.Calls);
                    return;
                case Decision.Missing missing:
                    await state.Session.LoadAsync(missing.Request, context.CancellationToken);
                    continue;
                case Decision.Rejected refused:
                    await RefuseAsync(context, workflowId, Reason(refused.Code), refused.Message);
                    return;
                case Decision.Made made:
                    state.Apply(made);
                    foreach (var happened in made.Events) await SendAsync(context, state, happened);
                    await AcceptAsync(context, workflowId, (command as CompleteTask)?.Task);
                    return;
            }
        }
    }

    private static Task SendAsync(ConsumeContext context, WorkflowState state, WorkflowEvent happened) => happened switch
    {
        FailureWorkflowRequested failure => context.Send(Commands, new StartFailureWorkflow
        {
            WorkflowId = failure.WorkflowId, FailedWorkflowId = state.CorrelationId, Name = failure.Name, Version = failure.Version, Input = failure.Input,
            CorrelationId = state.Instance!.CorrelationId, TaskToDomain = state.Instance.TaskToDomain,
        }),
        ExecutionEnded ended when state.Session!.Context.Graph.Definition.WorkflowStatusListenerEnabled => context.Publish(new WorkflowEnded
        {
            WorkflowId = state.CorrelationId, Name = state.Instance!.Name, Version = state.Instance.Version, Status = state.Instance.Status.Name(),
            CorrelationId = state.Instance.CorrelationId, Reason = ended.Reason,
        }),
        _ => Task.CompletedTask,
    };

    private static Task AcceptAsync(ConsumeContext context, Guid workflowId, TaskRecord? task = null) =>
        context.ResponseAddress is null
            ? Task.CompletedTask
            : context.RespondAsync(new WorkflowCommandAccepted { WorkflowId = workflowId, TaskType = task?.TaskType, Domain = task?.Domain });

    private static Task RefuseAsync(ConsumeContext context, Guid workflowId, RefusalReason reason, string message) =>
        context.ResponseAddress is null
            ? Task.CompletedTask
            : context.RespondAsync(new WorkflowCommandRejected { WorkflowId = workflowId, Reason = reason, Message = message });

    private static RefusalReason Reason(RejectionCode code) => code switch
    {
        RejectionCode.NotFound => RefusalReason.NotFound,
        RejectionCode.Conflict => RefusalReason.Conflict,
        RejectionCode.Invalid => RefusalReason.Invalid,
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };

    /// <summary>The decider's name of an outcome.</summary>
    public static TaskResultStatus Status(TaskOutcome outcome) => outcome switch
    {
        TaskOutcome.Completed => TaskResultStatus.Completed,
        TaskOutcome.Failed => TaskResultStatus.Failed,
        TaskOutcome.FailedWithTerminalError => TaskResultStatus.FailedWithTerminalError,
        TaskOutcome.Canceled => TaskResultStatus.Canceled,
        TaskOutcome.InProgress => TaskResultStatus.InProgress,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };
}
