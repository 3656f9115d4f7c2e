using System.Collections.Frozen;
using System.Text.Json;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>One task of a definition, in Conductor's JSON shape.</summary>
public sealed record WorkflowTask
{
    /// <summary>Name of the task definition; for a SIMPLE task also the type that workers poll.</summary>
    public string? Name { get; init; }
    /// <summary>Name of this use of it, unique in the definition.</summary>
    public string? TaskReferenceName { get; init; }
    /// <summary>What it is for.</summary>
    public string? Description { get; init; }
    /// <summary>Template of the input.</summary>
    public IReadOnlyDictionary<string, JsonElement> InputParameters { get; init; } = JsonMaps.Empty;
    /// <summary>SIMPLE, or the name of a system task.</summary>
    public string Type { get; init; } = "SIMPLE";
    /// <summary>DYNAMIC: the input that names the real type.</summary>
    public string? DynamicTaskNameParam { get; init; }
    /// <summary>DECISION: the input that is compared with the cases.</summary>
    public string? CaseValueParam { get; init; }
    /// <summary>DECISION: JavaScript that gives the case.</summary>
    public string? CaseExpression { get; init; }
    /// <summary>LAMBDA: the script.</summary>
    public string? ScriptExpression { get; init; }
    /// <summary>Tasks per case.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<WorkflowTask>> DecisionCases { get; init; } = FrozenDictionary<string, IReadOnlyList<WorkflowTask>>.Empty;
    /// <summary>FORK_JOIN_DYNAMIC, old form.</summary>
    public string? DynamicForkJoinTasksParam { get; init; }
    /// <summary>FORK_JOIN_DYNAMIC: the input that lists the tasks.</summary>
    public string? DynamicForkTasksParam { get; init; }
    /// <summary>FORK_JOIN_DYNAMIC: the input that maps reference names to inputs.</summary>
    public string? DynamicForkTasksInputParamName { get; init; }
    /// <summary>Tasks when no case matches.</summary>
    public IReadOnlyList<WorkflowTask> DefaultCase { get; init; } = [];
    /// <summary>Branches of a FORK_JOIN.</summary>
    public IReadOnlyList<IReadOnlyList<WorkflowTask>> ForkTasks { get; init; } = [];
    /// <summary>Seconds from the scheduling to the first hand-out.</summary>
    public int StartDelay { get; init; }
    /// <summary>SUB_WORKFLOW: what to start.</summary>
    public JsonElement? SubWorkflowParam { get; init; }
    /// <summary>Reference names that a JOIN waits for.</summary>
    public IReadOnlyList<string> JoinOn { get; init; } = [];
    /// <summary>How the JOIN is polled in Conductor: SYNC or ASYNC.</summary>
    public string? JoinMode { get; init; }
    /// <summary>Accepted.</summary>
    public string? JoinStatus { get; init; }
    /// <summary>EVENT: where to.</summary>
    public string? Sink { get; init; }
    /// <summary>The workflow goes on when it fails.</summary>
    public bool Optional { get; init; }
    /// <summary>Definition that goes before the registered one.</summary>
    public TaskDefinition? TaskDefinition { get; init; }
    /// <summary>Rate limits apply.</summary>
    public bool? RateLimited { get; init; }
    /// <summary>EXCLUSIVE_JOIN: whose output counts when none of the others ran.</summary>
    public IReadOnlyList<string> DefaultExclusiveJoinTask { get; init; } = [];
    /// <summary>Stays in progress until it is completed from outside.</summary>
    public bool AsyncComplete { get; init; }
    /// <summary>DO_WHILE: JavaScript that is true while the loop goes on.</summary>
    public string? LoopCondition { get; init; }
    /// <summary>Body of a DO_WHILE.</summary>
    public IReadOnlyList<WorkflowTask> LoopOver { get; init; } = [];
    /// <summary>DO_WHILE: the list to iterate.</summary>
    public string? Items { get; init; }
    /// <summary>Goes before the task definition's retry count.</summary>
    public int? RetryCount { get; init; }
    /// <summary>SWITCH and INLINE: value-param or javascript.</summary>
    public string? EvaluatorType { get; init; }
    /// <summary>SWITCH and INLINE: name of the input or the script.</summary>
    public string? Expression { get; init; }
    /// <summary>Events per state change.</summary>
    public IReadOnlyDictionary<string, JsonElement> OnStateChange { get; init; } = JsonMaps.Empty;
    /// <summary>How results are reused.</summary>
    public JsonElement? CacheConfig { get; init; }
    /// <summary>Other branches go on when it fails; the workflow fails at its end.</summary>
    public bool Permissive { get; init; }
    /// <summary>Free.</summary>
    public IReadOnlyDictionary<string, JsonElement> Metadata { get; init; } = JsonMaps.Empty;
}
