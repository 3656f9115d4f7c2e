using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Definitions;

/// <summary>The tasks of a definition in reading order, each with how deep it is nested.</summary>
internal static class NestedTasks
{
    public static IEnumerable<(DefinitionTask Task, int Depth)> All(IEnumerable<DefinitionTask> tasks, int depth = 0) =>
        tasks.SelectMany(task => Children(task).SelectMany(child => All([child], depth + 1)).Prepend((task, depth)));

    public static string Notes(DefinitionTask task) => string.Join(", ", Parts(task));

    private static IEnumerable<DefinitionTask> Children(DefinitionTask task) =>
        [.. task.ForkTasks.SelectMany(branch => branch), .. task.DecisionCases.Values.SelectMany(branch => branch), .. task.DefaultCase, .. task.LoopOver];

    private static IEnumerable<string> Parts(DefinitionTask task)
    {
        if (task.Optional)
            yield return "optional";
        if (task.Permissive)
            yield return "permissive";
        if (task.JoinOn.Count > 0)
            yield return $"waits for {string.Join(", ", task.JoinOn)}";
        if (task.DecisionCases.Count > 0)
            yield return $"cases {string.Join(", ", task.DecisionCases.Keys)}";
        if ((task.Expression ?? task.CaseExpression) is { Length: > 0 } expression && task.Type is "SWITCH" or "DECISION")
            yield return $"by {expression}";
        if (task.LoopCondition is { Length: > 0 } condition)
            yield return $"while {condition}";
    }
}
