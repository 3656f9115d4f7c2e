using System.Text.Json;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Workflows.Answers;

/// <summary>Conductor shows what an open JOIN has gathered so far. Here its row is written once, at its end, so that is put together when it is read.</summary>
internal static class OpenJoins
{
    // JOINs that name each other would go on for ever.
    private const int Deepest = 16;

    public static IReadOnlyList<TaskRecord> Show(IReadOnlyList<TaskRecord> tasks) =>
        tasks.Any(IsOpen) ? [.. tasks.Select(t => IsOpen(t) ? t with { Output = Gathered(t, tasks, 0) } : t)] : tasks;

    private static bool IsOpen(TaskRecord task) => task is { TaskType: "JOIN", Status: WorkflowTaskStatus.InProgress };

    private static JsonElement Gathered(TaskRecord join, IReadOnlyList<TaskRecord> tasks, int depth)
    {
        if (!join.Input.TryGetProperty("joinOn", out var names) || names.ValueKind != JsonValueKind.Array || depth > Deepest) return join.Output;
        var gathered = new Dictionary<string, JsonElement>();
        foreach (var name in names.EnumerateArray().Select(n => n.GetString()))
        {
            if (tasks.LastOrDefault(t => t.ReferenceName == name) is not { } joined) continue;
            if (IsOpen(joined)) gathered[joined.ReferenceName] = Gathered(joined, tasks, depth + 1);
            else if (joined.Status.IsTerminal()) gathered[joined.ReferenceName] = joined.Output;
        }
        return JsonSerializer.SerializeToElement(gathered);
    }
}
