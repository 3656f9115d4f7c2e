using System.Text.Json;

namespace Conductor.Console.Clients.Workflows;

/// <summary>A definition in Conductor's JSON; properties that the console does not show are left out.</summary>
public sealed record DefinitionView
{
    public string Name { get; init; } = "";
    public int Version { get; init; } = 1;
    public string? Description { get; init; }
    public string? OwnerEmail { get; init; }
    public IReadOnlyList<DefinitionTask> Tasks { get; init => field = value ?? []; } = [];
    public IReadOnlyList<JsonElement> InputParameters { get; init => field = value ?? []; } = [];
    public JsonElement OutputParameters { get; init; }
    public JsonElement InputTemplate { get; init; }
    public string? FailureWorkflow { get; init; }
    public string? TimeoutPolicy { get; init; }
    public long TimeoutSeconds { get; init; }
    public bool Restartable { get; init; } = true;
    public long CreateTime { get; init; }
    public long UpdateTime { get; init; }
}

/// <summary>One task of a definition, with the tasks nested in it.</summary>
public sealed record DefinitionTask
{
    public string Name { get; init; } = "";
    public string TaskReferenceName { get; init; } = "";
    public string Type { get; init; } = "SIMPLE";
    public string? Description { get; init; }
    public JsonElement InputParameters { get; init; }
    public bool Optional { get; init; }
    public bool Permissive { get; init; }
    public IReadOnlyDictionary<string, IReadOnlyList<DefinitionTask>> DecisionCases { get; init => field = value ?? Empty; } = Empty;
    public IReadOnlyList<DefinitionTask> DefaultCase { get; init => field = value ?? []; } = [];
    public IReadOnlyList<IReadOnlyList<DefinitionTask>> ForkTasks { get; init => field = value ?? []; } = [];
    public IReadOnlyList<string> JoinOn { get; init => field = value ?? []; } = [];
    public IReadOnlyList<DefinitionTask> LoopOver { get; init => field = value ?? []; } = [];
    public string? LoopCondition { get; init; }
    public string? Expression { get; init; }
    public string? CaseExpression { get; init; }

    private static readonly Dictionary<string, IReadOnlyList<DefinitionTask>> Empty = [];
}

/// <summary>A version in the catalogue of definitions.</summary>
public sealed record DefinitionVersion(string Name, int Version, long CreateTime, long UpdateTime);
