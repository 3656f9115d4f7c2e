using System.Diagnostics;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using MassTransit;

namespace Conductor.Sagas.Workflow;

/// <summary>
/// One execution as the saga sees it: its lifecycle state, the decider's state, and what has happened since it was loaded. The store
/// writes the events' rows together with the state.
/// </summary>
public sealed class WorkflowState : SagaStateMachineInstance
{
    private readonly List<WorkflowEvent> _events = [];

    /// <summary>Id of the execution.</summary>
    public Guid CorrelationId { get; set; }

    /// <summary>State of the lifecycle, by its name.</summary>
    public string CurrentState { get; set; } = null!;

    /// <summary>The decider's state; null until the start is decided.</summary>
    public WorkflowInstance? Instance { get; private set; }

    /// <summary>Number that the first of <see cref="Events"/> has in the history.</summary>
    public int FirstEvent { get; init; } = 1;

    /// <summary>What happened since the instance was loaded.</summary>
    public IReadOnlyList<WorkflowEvent> Events => _events;

    /// <summary>Trace (W3C) of the message that was decided last.</summary>
    public string? Trace { get; private set; }

    /// <summary>Data of the execution for decisions; null until the start.</summary>
    public IWorkflowSession? Session { get; set; }

    /// <summary>An instance as it is stored.</summary>
    public static WorkflowState Stored(WorkflowInstance instance, string lifecycle, int nextEvent, IWorkflowSession session) =>
        new() { CorrelationId = instance.WorkflowId, CurrentState = lifecycle, Instance = instance, FirstEvent = nextEvent, Session = session };

    /// <summary>Takes over a decision.</summary>
    public void Apply(Decision.Made decision)
    {
        Instance = decision.State;
        Trace = Activity.Current?.Id;
        _events.AddRange(decision.Events);
        Session!.Apply(decision.Events);
    }
}
