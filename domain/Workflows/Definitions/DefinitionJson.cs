using System.Text.Json;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>Reads and writes definitions in Conductor's JSON. Unknown properties are ignored, nulls count as absent; malformed JSON throws <see cref="JsonException"/>.</summary>
public static class DefinitionJson
{
    /// <summary>Options for definitions; a web host may reuse them for bodies that embed definitions.</summary>
    public static JsonSerializerOptions Options => throw new NotSupportedException();
    /// <summary>Reads a workflow definition.</summary>
    public static WorkflowDefinition ReadWorkflow(JsonElement json) => throw new NotSupportedException();
    /// <summary>Reads a task definition.</summary>
    public static TaskDefinition ReadTask(JsonElement json) => throw new NotSupportedException();
    /// <summary>Writes a workflow definition with its defaults filled in.</summary>
    public static JsonElement Write(WorkflowDefinition definition) => throw new NotSupportedException();
    /// <summary>Writes a task of a definition with its defaults filled in.</summary>
    public static JsonElement Write(WorkflowTask task) => throw new NotSupportedException();
    /// <summary>Writes a task definition with its defaults filled in.</summary>
    public static JsonElement Write(TaskDefinition definition) => throw new NotSupportedException();
}
