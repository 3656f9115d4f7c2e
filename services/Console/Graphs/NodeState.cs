using System.Text.Json;
using System.Text.RegularExpressions;
using Conductor.Console.Clients;
using Conductor.Console.Clients.Workflows;

namespace Conductor.Console.Graphs;

/// <summary>What an execution has made of one task of its definition: the latest attempt, and how many there were.</summary>
internal sealed record NodeState(string Status, int Attempts, int Iterations, TaskExecution Latest)
{
    /// <summary>By reference name of the definition.</summary>
    public static IReadOnlyDictionary<string, NodeState> Of(IEnumerable<TaskExecution> tasks) =>
        tasks.GroupBy(task => LoopSuffix.BaseName(task.ReferenceTaskName), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Of([.. group.OrderBy(task => task.Seq)]), StringComparer.Ordinal);

    /// <summary>The tasks that dynamic forks of the execution were given, by the fork's reference name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<DefinitionTask>> DynamicBranches(IEnumerable<TaskExecution> tasks) =>
        tasks.Where(task => task.InputData.ValueKind == JsonValueKind.Object && task.InputData.TryGetProperty("forkedTaskDefs", out var list)
            && list.ValueKind == JsonValueKind.Array)
            .GroupBy(task => LoopSuffix.BaseName(task.ReferenceTaskName), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => Branches(group.Last().InputData.GetProperty("forkedTaskDefs")), StringComparer.Ordinal);

    private static IReadOnlyList<DefinitionTask> Branches(JsonElement list) => list.Deserialize<IReadOnlyList<DefinitionTask>>(ServiceJson.Options) ?? [];

    private static NodeState Of(List<TaskExecution> attempts)
    {
        var latest = attempts[^1];
        var sameRound = attempts.Count(task => task.ReferenceTaskName == latest.ReferenceTaskName);
        var rounds = attempts.Select(task => task.ReferenceTaskName).Distinct(StringComparer.Ordinal).Count();
        return new(latest.Status, sameRound, latest.TaskType == "DO_WHILE" ? latest.Iteration : rounds, latest);
    }
}

/// <summary>Inside a loop, Conductor names the task of round n <c>ref__n</c>.</summary>
internal static partial class LoopSuffix
{
    public static string BaseName(string reference) => Suffix().Replace(reference, "");

    [GeneratedRegex("__[0-9]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Suffix();
}
