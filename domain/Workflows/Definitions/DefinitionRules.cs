namespace Conductor.Domain.Workflows.Definitions;

/// <summary>What a definition must satisfy to be registered; the messages are Conductor's.</summary>
public static class DefinitionRules
{
    /// <summary>Everything that is wrong with a workflow definition; empty when it may be registered.</summary>
    public static IReadOnlyList<DefinitionError> Check(WorkflowDefinition definition) => throw new NotSupportedException();
    /// <summary>Everything that is wrong with a task definition.</summary>
    public static IReadOnlyList<DefinitionError> Check(TaskDefinition definition) => throw new NotSupportedException();
}
