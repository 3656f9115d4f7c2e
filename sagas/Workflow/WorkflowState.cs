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

    /// <summary>Status as stored; null when it is not stored yet.</summary>
    public WorkflowStatus? StoredStatus { get; private set; }

    /// <summary>Number that the first of <see cref="Events"/> has in the history.</summary>
    public int FirstEvent { get; private set; } = 1;

    /// <summary>The first moment at which a deadline may have passed; null for none. Rather too early than too late.</summary>
    public DateTimeOffset? WakeAt { get; private set; }

    /// <summary>Only <see cref="WakeAt"/> may have changed, without an event.</summary>
    public bool HasNewWake { get; private set; }

    /// <summary>What came of the last message; null where nobody asks.</summary>
    public CommandAnswer? Answer { get; set; }

    /// <summary>What happened since the instance was loaded.</summary>
    public IReadOnlyList<WorkflowEvent> Events => _events;

    /// <summary>Trace (W3C) of the message that was decided last.</summary>
    public string? Trace { get; private set; }

    /// <summary>Data of the execution for decisions; null until the start.</summary>
    public IWorkflowSession? Session { get; set; }

    /// <summary>An instance as it is stored.</summary>
    public static WorkflowState Stored(WorkflowInstance instance, string lifecycle, int nextEvent, DateTimeOffset? wakeAt, IWorkflowSession session) => new()
    {
        CorrelationId = instance.WorkflowId, CurrentState = lifecycle, Instance = instance, FirstEvent = nextEvent, WakeAt = wakeAt, Session = session,
        StoredStatus = instance.Status,
    };

    /// <summary>Takes over a decision.</summary>
    public void Apply(Decision.Made decision)
    {
        Instance = decision.State;
        Trace = Activity.Current?.Id;
        _events.AddRange(decision.Events);
        Session!.Apply(decision.Events);
        if (Instance is { Status: var status } && status.IsTerminal())
        {
            WakeAt = null;
            return;
        }
        for (var i = 0; i < decision.Events.Count; i++)
            if (decision.Events[i] is TaskEvent happened) Expect(happened);
    }

    /// <summary>The next deadline of one of its attempts; null for none.</summary>
    /// <param name="task">The attempt.</param>
    /// <param name="handedOut">As if it were handed out then.</param>
    public DateTimeOffset? NextDeadline(TaskRecord task, DateTimeOffset? handedOut = null) =>
        Session!.Context.Graph.Find(task.NodeReference) is { } node ? Deadlines.Next(task, node.TaskDefinition, handedOut) : null;

    /// <summary>Its deadlines have been looked at: the next one is then, or there is none. To be stored, whatever was stored before.</summary>
    public void WakesAt(DateTimeOffset? next) => (WakeAt, HasNewWake) = (next, true);

    /// <summary>What has happened is stored.</summary>
    public void Committed()
    {
        FirstEvent += _events.Count;
        _events.Clear();
        HasNewWake = false;
        StoredStatus = Instance?.Status;
    }

    private void Expect(TaskEvent happened)
    {
        Expect(NextDeadline(happened.Task));
        // Whoever takes it takes it later: the hand-out then has nothing to write here.
        if (happened.Task.Status == WorkflowTaskStatus.Scheduled) Expect(NextDeadline(happened.Task, happened.At));
    }

    private void Expect(DateTimeOffset? next)
    {
        if (next < (WakeAt ?? DateTimeOffset.MaxValue)) WakeAt = next;
    }
}
