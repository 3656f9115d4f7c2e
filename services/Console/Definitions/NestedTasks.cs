using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Definitions;

/// <summary>The tasks of a definition in reading order, each with how deep it is nested.</summary>
internal static class NestedTasks
{
    public static IEnumerable<(WorkflowTask Task, int Depth)> All(IEnumerable<WorkflowTask> tasks, int depth = 0) =>
        tasks.SelectMany(task => Children(task).SelectMany(child => All([child], depth + 1)).Prepend((task, depth)));

    public static string Notes(WorkflowTask task) => string.Join(", ", Parts(task));

    private static IEnumerable<WorkflowTask> Children(WorkflowTask task) =>
        [.. task.ForkTasks.SelectMany(branch => branch), .. task.DecisionCases.Values.SelectMany(branch => branch), .. task.DefaultCase, .. task.LoopOver];

    private static IEnumerable<string> Parts(WorkflowTask task)
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
