using System.Text.Json;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Executions;

/// <summary>
/// What an unfinished JOIN shows. Its row gets its output once, at its end; Conductor writes what has come so far at each poll. Here that is put
/// together when somebody looks, so that a wide fork does not write its growing output again and again.
/// </summary>
public static class JoinView
{
    /// <summary>All attempts of an execution, with the outputs so far in the JOINs that are open or were canceled.</summary>
    public static IReadOnlyList<TaskRecord> WithOutputsSoFar(IReadOnlyList<TaskRecord> tasks)
    {
        if (!tasks.Any(IsUnfinished)) return tasks;
        var shown = tasks.OrderBy(task => task.Seq).ToList();
        var latest = new Dictionary<string, TaskRecord>();
        foreach (var task in shown) latest[task.ReferenceName] = task;
        for (var i = 0; i < shown.Count; i++)
        {
            if (!IsUnfinished(shown[i])) continue;
            shown[i] = shown[i] with { Output = SoFar(shown[i], latest) };
            latest[shown[i].ReferenceName] = shown[i];
        }
        return shown;
    }

    private static bool IsUnfinished(TaskRecord task) =>
        task.TaskType == "JOIN" && task.Status is (WorkflowTaskStatus.InProgress or WorkflowTaskStatus.Canceled) && task.Output.IsEmptyObject();

    private static JsonElement SoFar(TaskRecord join, Dictionary<string, TaskRecord> latest) => JsonText.Build((join, latest), static (writer, state) =>
    {
        writer.WriteStartObject();
        if (state.join.Input.TryGetProperty("joinOn", out var names))
        {
            foreach (var name in names.EnumerateArray().Select(item => item.GetString()!).Distinct())
            {
                if (!state.latest.TryGetValue(name, out var task) || !task.Status.IsSuccessful() || task.Output.IsEmptyObject()) continue;
                writer.WritePropertyName(name);
                task.Output.WriteTo(writer);
            }
        }
        writer.WriteEndObject();
    });
}
