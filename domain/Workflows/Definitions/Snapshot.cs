using System.Security.Cryptography;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>The definition that an execution keeps for its life: with the task definitions of the moment of its start embedded.</summary>
public static class Snapshot
{
    /// <summary>Names of the task definitions to look up before <see cref="Embed"/>.</summary>
    public static IReadOnlyCollection<string> TaskNames(WorkflowDefinition definition)
    {
        var names = new HashSet<string>();
        foreach (var task in Walk(definition.Tasks))
            if (task.TaskDefinition is null && !string.IsNullOrWhiteSpace(task.Name)) names.Add(task.Name);
        return names;
    }

    /// <summary>Embeds the registered task definitions; a task without one gets Conductor's defaults.</summary>
    public static WorkflowDefinition Embed(WorkflowDefinition definition, IReadOnlyDictionary<string, TaskDefinition> registered) =>
        definition with { Tasks = Embed(definition.Tasks, registered) };

    /// <summary>SHA-256 of the canonical JSON (keys sorted, registration times left out) in lower-case hex.</summary>
    public static string Hash(WorkflowDefinition snapshot) =>
        Convert.ToHexStringLower(
            SHA256.HashData(CanonicalJson.Write(DefinitionJson.Write(snapshot with { CreateTime = 0, UpdateTime = 0, CreatedBy = null, UpdatedBy = null }))));

    /// <summary>Every task of a list, depth first, in the order in which Conductor collects them.</summary>
    public static IEnumerable<WorkflowTask> Walk(IReadOnlyList<WorkflowTask> tasks)
    {
        foreach (var task in tasks)
        {
            yield return task;
            foreach (var branch in Branches(task))
                foreach (var inner in Walk(branch)) yield return inner;
        }
    }

    private static IEnumerable<IReadOnlyList<WorkflowTask>> Branches(WorkflowTask task) =>
        [.. task.DecisionCases.Values, task.DefaultCase, .. task.ForkTasks, task.LoopOver];

    private static List<WorkflowTask> Embed(IReadOnlyList<WorkflowTask> tasks, IReadOnlyDictionary<string, TaskDefinition> registered) =>
        [.. tasks.Select(task => task with
        {
            TaskDefinition = task.TaskDefinition ?? registered.GetValueOrDefault(task.Name ?? "") ?? Default(task),
            DecisionCases = task.DecisionCases.Count == 0 ? task.DecisionCases
                : task.DecisionCases.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<WorkflowTask>)Embed(pair.Value, registered)),
            DefaultCase = Embed(task.DefaultCase, registered),
            ForkTasks = [.. task.ForkTasks.Select(branch => Embed(branch, registered))],
            LoopOver = Embed(task.LoopOver, registered),
        })];

    /// <summary>A worker's task has the defaults of a task definition; a system task is neither retried nor timed.</summary>
    private static TaskDefinition Default(WorkflowTask task) => TaskTypes.IsSystem(task.Type)
        ? new() { Name = task.Name, RetryCount = 0, ResponseTimeoutSeconds = 0 }
        : new() { Name = task.Name };
}
