using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The logic of a workflow: pure, and the only place where its events come from.</summary>
public static class WorkflowDecider
{
    /// <summary>Decides a command. <paramref name="state"/> is null for <see cref="StartExecution"/> only. The same arguments give the same decision.</summary>
    public static Decision Decide(WorkflowInstance? state, WorkflowCommand command, WorkflowContext context)
    {
        if (command is StartExecution start)
            return state is null
                ? Starting.Start(start, context)
                : throw new InvalidOperationException($"Workflow {state.WorkflowId} has been started already.");
        if (state is null) throw new InvalidOperationException($"{command.GetType().Name} needs the state of an execution.");
        var run = new DecisionRun(state, command, context);
        return command switch
        {
            CompleteTask complete => TaskResults.Complete(run, complete),
            HandOutTask handOut => HandingOut.HandOut(run, handOut),
            ReleaseTask release => HandingOut.Release(run, release),
            TimeOutTask timeOut => Timeouts.TimeOut(run, timeOut),
            FireTimer timer => Timers.Fire(run, timer),
            PauseExecution => Pausing.Pause(run),
            ResumeExecution => Pausing.Resume(run),
            TerminateExecution terminate => Terminating.Terminate(run, terminate),
            FailExecution fail => Terminating.Fail(run, fail),
            RetryExecution => Retrying.Retry(run),
            RestartExecution => Starting.Restart(run),
            SkipAhead skip => Skipping.Skip(run, skip),
            _ => throw new NotSupportedException($"{command.GetType().Name} is unknown to this version of the engine."),
        };
    }

    /// <summary>The state after an event; throws for an event that it does not know.</summary>
    public static WorkflowInstance Evolve(WorkflowInstance? state, WorkflowEvent @event) => InstanceEvolution.Apply(state, @event);

    /// <summary>
    /// What a command is likely to need: load it before <see cref="Decide"/>, for a whole batch in one query. It may name too much; what it
    /// misses, <see cref="Decision.Missing"/> asks for.
    /// </summary>
    public static DataRequest Needs(WorkflowInstance? state, WorkflowCommand command, WorkflowGraph graph) => DecisionNeeds.Of(state, command, graph);
}
