using System.Text.Json;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>Reference names are unique, and what expressions of the outermost tasks name exists (Conductor looks no deeper).</summary>
internal static class ReferenceRules
{
    public static void Check(WorkflowDefinition definition, List<DefinitionError> errors)
    {
        var names = new HashSet<string>();
        foreach (var task in Snapshot.Walk(definition.Tasks))
            if (!names.Add(task.TaskReferenceName!))
                errors.Add(
                    new("", $"taskReferenceName: {task.TaskReferenceName} should be unique across tasks for a given workflowDefinition: {definition.Name}"));
        foreach (var task in definition.Tasks)
            foreach (var (key, value) in task.InputParameters) CheckValue(task.Name!, key, value, names, errors);
    }

    private static void CheckValue(string taskName, string key, JsonElement value, HashSet<string> names, List<DefinitionError> errors)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String: CheckText(taskName, key, value.GetString()!, names, errors); break;
            case JsonValueKind.Object: foreach (var inner in value.EnumerateObject()) CheckValue(taskName, inner.Name, inner.Value, names, errors); break;
            case JsonValueKind.Array: foreach (var inner in value.EnumerateArray()) CheckValue(taskName, key, inner, names, errors); break;
        }
    }

    private static void CheckText(string taskName, string key, string text, HashSet<string> names, List<DefinitionError> errors)
    {
        foreach (var path in Paths(text))
        {
            if (path.Any(char.IsWhiteSpace))
            {
                // Whitespace is allowed where only a filter can have it.
                if (!path.Contains('[', StringComparison.Ordinal)) errors.Add(new("", $"key: {key} input parameter value: {path} is not valid"));
                continue;
            }
            var end = path.AsSpan().IndexOfAny('.', '[');
            var source = end < 0 ? path : path[..end];
            if (source is "" or "workflow" or "CPEWF_TASK_ID" or "NETFLIX_ENV" or "NETFLIX_STACK") continue;
            if (source.Contains('$', StringComparison.Ordinal) || names.Contains(source)) continue;
            errors.Add(new("", $"taskReferenceName: {source} for given task: {taskName} "
                + $"input value: {key} of input parameter: {text} is not defined in workflow definition."));
        }
    }

    private static IEnumerable<string> Paths(string text)
    {
        var close = -1;
        for (var at = text.IndexOf("${", StringComparison.Ordinal); at >= 0; at = text.IndexOf("${", at + 2, StringComparison.Ordinal))
        {
            if (at > 0 && text[at - 1] == '$') continue;
            if (close < at) close = text.IndexOf('}', at);
            if (close < 0) yield break;
            // What is longer is no expression: an opening that is never closed.
            if (close - at <= ValueLimits.ExpressionLength) yield return text[(at + 2)..close];
        }
    }
}
