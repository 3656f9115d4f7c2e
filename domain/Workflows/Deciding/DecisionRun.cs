using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>One decision in the making: the events so far and the state after them.</summary>
internal sealed class DecisionRun
{
    private readonly List<WorkflowEvent> _events = [];
    private WorkflowInstance? _state;
    private IdSequence _ids;

    public DecisionRun(WorkflowInstance? state, WorkflowCommand command, WorkflowContext context)
    {
        (_state, Context, Now, _ids) = (state, context, command.Now, new(command.Seed));
        Data = new(context.Data);
        Scope = new(Data, context.Paths) { Workflow = state! };
    }

    public WorkflowContext Context { get; }
    public WorkflowGraph Graph => Context.Graph;
    public DateTimeOffset Now { get; }
    public DecisionData Data { get; }
    public Scope Scope { get; }
    public WorkflowInstance State => _state!;
    public IReadOnlyList<WorkflowEvent> Events => _events;

    /// <summary>The TERMINATE task that has succeeded in this decision.</summary>
    public TaskRecord? Terminating { get; set; }

    public bool IsRunning => State.Status == WorkflowStatus.Running;

    public Guid NewId() => _ids.Next();

    public int Jitter(int limit) => _ids.Jitter(limit);

    public void Emit(WorkflowEvent fact)
    {
        _events.Add(fact);
        _state = InstanceEvolution.Apply(_state, fact);
        Scope.Workflow = _state;
        if (fact is TaskEvent { Task: var task }) Data.Change(task);
    }

    /// <summary>The node, or the first behind it that was not skipped.</summary>
    public GraphNode? Unskipped(GraphNode? node)
    {
        while (node is not null && State.SkippedAhead.Contains(node.ReferenceName)) node = node.Next;
        return node;
    }

    public Decision Result() => Data.IsMissing ? new Decision.Missing(Data.Missing) : new Decision.Made(_events, _state);
}
