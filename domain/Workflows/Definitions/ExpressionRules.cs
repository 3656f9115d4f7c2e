using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>How deep expressions nest and how long they are.</summary>
internal static class ExpressionRules
{
    public static void Check(WorkflowDefinition definition, List<DefinitionError> errors)
    {
        foreach (var task in Snapshot.Walk(definition.Tasks)) Check(task.InputParameters, $"tasks[{task.TaskReferenceName}].inputParameters", errors);
        Check(definition.OutputParameters, "outputParameters", errors);
        if (ExpressionMarks.Problem(definition.FailureWorkflow ?? "") is { } problem) errors.Add(new("failureWorkflow", "failureWorkflow " + problem));
    }

    public static void Check(IReadOnlyDictionary<string, JsonElement> values, string path, List<DefinitionError> errors)
    {
        foreach (var (key, value) in values) CheckValue(value, $"{path}.{key}", errors);
    }

    private static void CheckValue(JsonElement value, string path, List<DefinitionError> errors)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String when ExpressionMarks.Problem(value.GetString()!) is { } problem: errors.Add(new(path, $"{path} {problem}")); break;
            case JsonValueKind.Object: foreach (var inner in value.EnumerateObject()) CheckValue(inner.Value, path, errors); break;
            case JsonValueKind.Array: foreach (var inner in value.EnumerateArray()) CheckValue(inner, path, errors); break;
        }
    }
}
