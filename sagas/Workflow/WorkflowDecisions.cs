using System.Buffers.Binary;
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
            context.Saga.Answer = new(message.WorkflowId, null, RefusalReason.NotFound, $"No such workflow defined. name={message.Name}, version={version}");
            return;
        }
        context.Saga.Session = catalog.NewSession(message.WorkflowId, graph);
        await DecideAsync(context, (now, seed) => new StartExecution
        {
            Now = now, Seed = seed, WorkflowId = message.WorkflowId, Input = message.Input, CorrelationId = message.CorrelationId,
            Priority = message.Priority, TaskToDomain = message.TaskToDomain, CreatedBy = message.CreatedBy,
        });
    }

    // The id was chosen by the sender: the same start again has been carried out.
    internal static Task StartedBeforeAsync(BehaviorContext<WorkflowState, StartWorkflow> context)
    {
        context.Saga.Answer = new(context.Message.WorkflowId);
        return Task.CompletedTask;
    }

    internal Task TaskExecutedAsync(BehaviorContext<WorkflowState, TaskExecuted> context) =>
        DecideOnTaskAsync(context, context.Message.TaskId, (now, seed, task) => new CompleteTask
        {
            Now = now, Seed = seed, Task = task, Status = Status(context.Message.Outcome), Output = context.Message.Output, Reason = context.Message.Reason,
            WorkerId = context.Message.WorkerId, CallbackAfterSeconds = (long)Math.Ceiling(context.Message.CallbackAfter.TotalSeconds),
            Logs = context.Message.Logs ?? [],
        });

    internal Task ExtendLeaseAsync(BehaviorContext<WorkflowState, ExtendTaskLease> context) =>
        DecideOnTaskAsync(context, context.Message.TaskId, (now, seed, task) => new CompleteTask
        {
            Now = now, Seed = seed, Task = task, Status = TaskResultStatus.InProgress, WorkerId = context.Message.WorkerId, ExtendLease = true,
            Logs = context.Message.Logs ?? [],
        });

    internal Task TakeAsync(BehaviorContext<WorkflowState, TakeTask> context) => DecideOnTaskAsync(context, context.Message.TaskId, (now, seed, task) =>
        new HandOutTask { Now = now, Seed = seed, Task = task, WorkerId = context.Message.WorkerId, IsCounted = context.Message.IsCounted });

    internal Task ReturnAsync(BehaviorContext<WorkflowState, ReturnTask> context) => DecideOnTaskAsync(context, context.Message.TaskId, (now, seed, task) =>
        new ReleaseTask { Now = now, Seed = seed, Task = task, PollCount = context.Message.PollCount });

    /// <summary>Hands an attempt that the batch made ready to a worker that waits, in the same transaction.</summary>
    /// <returns>The attempt as the worker gets it; null when it waits for none any more.</returns>
    public TaskRecord? HandOut(WorkflowState state, TaskRecord task, string? workerId)
    {
        var command = new HandOutTask { Now = time.GetUtcNow(), Seed = Guid.Empty, Task = task, WorkerId = workerId };
        if (WorkflowDecider.Decide(state.Instance, command, state.Session!.Context) is not Decision.Made made) return null;
        state.Apply(made);
        return made.Events.OfType<TaskHandedOut>().Single().Task;
    }

    internal async Task DeadlinesPassedAsync(BehaviorContext<WorkflowState, DeadlinesPassed> context)
    {
        var state = context.Saga;
        var turn = 0;
        foreach (var task in await state.Session!.OpenTasksAsync(context.CancellationToken))
        {
            // One attempt that has timed out may have ended others.
            if (await state.Session.TaskAsync(task.TaskId, context.CancellationToken) is not { } current) continue;
            var number = turn++;
            await DecideAsync(context, (now, seed) => new TimeOutTask { Now = now, Seed = Numbered(seed, number), Task = current });
            if (waits.IsWaiting(context.Message)) return;
        }
        state.WakesAt(await NextDeadlineAsync(state, context.CancellationToken));
    }

    private static async Task<DateTimeOffset?> NextDeadlineAsync(WorkflowState state, CancellationToken cancellationToken)
    {
        if (state.Instance!.Status.IsTerminal()) return null;
        return (await state.Session!.OpenTasksAsync(cancellationToken)).Min(task => state.NextDeadline(task));
    }

    // Each decision of a message has ids of its own, the same when the message is decided again.
    private static Guid Numbered(Guid seed, int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        seed.TryWriteBytes(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) ^ number);
        return new Guid(bytes);
    }

    internal async Task TimerElapsedAsync(BehaviorContext<WorkflowState, WorkflowTimerElapsed> context)
    {
        var message = context.Message;
        var task = message.TaskId is { } id ? await context.Saga.Session!.TaskAsync(id, context.CancellationToken) : null;
        await DecideAsync(context, (now, seed) => new FireTimer { Now = now, Seed = seed, Token = message.Token, Purpose = message.Purpose, Task = task });
    }

    internal Task FailAsync(BehaviorContext<WorkflowState, ExecutionPoisoned> context) => DecideAsync(context, (now, seed) =>
        new FailExecution { Now = now, Seed = seed, Reason = context.Message.Reason, EvaluatesNothing = context.Message.EvaluatesNothing });

    internal Task PauseAsync(BehaviorContext<WorkflowState, PauseWorkflow> context) =>
        DecideAsync(context, (now, seed) => new PauseExecution { Now = now, Seed = seed });

    internal Task ResumeAsync(BehaviorContext<WorkflowState, ResumeWorkflow> context) =>
        DecideAsync(context, (now, seed) => new ResumeExecution { Now = now, Seed = seed });

    internal Task TerminateAsync(BehaviorContext<WorkflowState, TerminateWorkflow> context) =>
        DecideAsync(context, (now, seed) => new TerminateExecution { Now = now, Seed = seed, Reason = context.Message.Reason });

    internal Task RetryAsync(BehaviorContext<WorkflowState, RetryWorkflow> context) =>
        DecideAsync(context, (now, seed) => new RetryExecution { Now = now, Seed = seed });

    internal async Task RestartAsync(BehaviorContext<WorkflowState, RestartWorkflow> context)
    {
        var instance = context.Saga.Instance!;
        if (context.Message.UseLatestDefinition && await catalog.FindAsync(instance.Name, version: null, context.CancellationToken) is { } latest)
            context.Saga.Session = context.Saga.Session!.With(latest);
        await DecideAsync(context, (now, seed) => new RestartExecution { Now = now, Seed = seed });
    }

    internal Task SkipAsync(BehaviorContext<WorkflowState, SkipTask> context) => DecideAsync(context, (now, seed) => new SkipAhead
    {
        Now = now, Seed = seed, ReferenceName = context.Message.ReferenceName, Input = context.Message.Input, Output = context.Message.Output,
    });

    private async Task DecideOnTaskAsync<TMessage>(
        BehaviorContext<WorkflowState, TMessage> context, Guid taskId, Func<DateTimeOffset, Guid, TaskRecord, WorkflowCommand> make)
        where TMessage : class
    {
        if (await context.Saga.Session!.TaskAsync(taskId, context.CancellationToken) is not { } task)
        {
            context.Saga.Answer = CommandAnswer.NoTask(context.Saga.CorrelationId, taskId);
            return;
        }
        await DecideAsync(context, (now, seed) => make(now, seed, task), task);
    }

    private async Task DecideAsync<TMessage>(
        BehaviorContext<WorkflowState, TMessage> context, Func<DateTimeOffset, Guid, WorkflowCommand> make, TaskRecord? about = null)
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
                    state.Answer = new(state.CorrelationId, about, Reason(refused.Code), refused.Message);
                    return;
                case Decision.Made made:
                    state.Apply(made);
                    for (var i = 0; i < made.Events.Count; i++)
                    {
                        await SendAsync(context, state, made.Events[i]);
                        if (made.Events[i] is TaskHandedOut handedOut) about = handedOut.Task;
                    }
                    state.Answer = new(state.CorrelationId, about);
                    return;
            }
        }
    }

    private static Task SendAsync<TMessage>(BehaviorContext<WorkflowState, TMessage> context, WorkflowState state, WorkflowEvent happened)
        where TMessage : class => happened switch
    {
        TaskHandedOut handedOut when context.Message is TakeTask { Bus: { } bus } => BusTask.SendAsync(context, state, handedOut, bus),
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
