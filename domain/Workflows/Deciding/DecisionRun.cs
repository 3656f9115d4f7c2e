using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>One decision in the making: the events so far and the state after them.</summary>
internal sealed class DecisionRun
{
    private readonly List<WorkflowEvent> _events = [];
    private readonly List<ScriptCall> _unevaluated = [];
    private WorkflowInstance? _state;
    private IdSequence _ids;
    private long _bytes;

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

    /// <summary>Something is not at hand that the decision needs: it is taken again from its beginning when that is there.</summary>
    public bool IsMissing => Data.IsMissing || _unevaluated.Count > 0;

    /// <exception cref="ValueRefusedException">The decision has made more than <see cref="ValueLimits.DecisionBytes"/>.</exception>
    public void Spend(int bytes)
    {
        _bytes += bytes;
        if (_bytes > ValueLimits.DecisionBytes)
            throw new ValueRefusedException($"The tasks that begin at once would be larger than {ValueLimits.DecisionBytes >> 20} MB");
    }

    /// <summary>A value was refused, which has cost as much as the largest that is not.</summary>
    public void Refused() => _bytes += ValueLimits.Bytes;

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

    /// <summary>The result of a script; null when it is not at hand, and then the decision is not made now.</summary>
    public ScriptResult? Evaluate(string script, JsonElement input)
    {
        var call = new ScriptCall(script, input);
        var result = Context.Scripts.Find(call);
        if (result is null) _unevaluated.Add(call);
        return result;
    }

    public Decision Result()
    {
        // What a script is given is known when all data is there.
        if (Data.IsMissing) return new Decision.Missing(Data.Missing);
        return _unevaluated.Count > 0 ? new Decision.Unevaluated(_unevaluated) : new Decision.Made(_events, _state);
    }
}
