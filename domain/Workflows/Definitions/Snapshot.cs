namespace Conductor.Domain.Workflows.Definitions;

/// <summary>The definition that an execution keeps for its life: with the task definitions of the moment of its start embedded.</summary>
public static class Snapshot
{
    /// <summary>Names of the task definitions to look up before <see cref="Embed"/>.</summary>
    public static IReadOnlyCollection<string> TaskNames(WorkflowDefinition definition) => throw new NotSupportedException();
    /// <summary>Embeds the registered task definitions; a task without one gets Conductor's defaults.</summary>
    public static WorkflowDefinition Embed(WorkflowDefinition definition, IReadOnlyDictionary<string, TaskDefinition> registered) => throw new NotSupportedException();
    /// <summary>SHA-256 of the canonical JSON (keys sorted, registration times left out) in lower-case hex.</summary>
    public static string Hash(WorkflowDefinition snapshot) => throw new NotSupportedException();
}
