using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>JOIN: waits for the tasks that it names; a counter in the state tells when the last has ended.</summary>
internal sealed class JoinTask : ITaskHandler
{
    public void Plan(Round round, GraphNode node, Attempt attempt)
    {
        var row = round.NewSystemRow(node, attempt, "JOIN", "JOIN") with { Input = Input(node.Task.JoinOn) };
        var waiting = node.Task.JoinOn.Distinct().Count(name => !HasEnded(round.Run, node, name));
        round.Add(new(node, row) { Then = new JoinCounted { At = round.Run.Now, ReferenceName = node.ReferenceName, Progress = new(row.TaskId, waiting) } });
    }

    /// <summary>The row of a JOIN all of whose tasks have ended.</summary>
    public static TaskRecord Finish(DecisionRun run, GraphNode node, TaskRecord row)
    {
        var joined = node.Task.JoinOn.Distinct().Select(name => (Name: name, Task: run.Data.Latest(name))).Where(pair => pair.Task is not null)
            .Select(pair => (pair.Name, Task: pair.Task!)).ToList();
        row = row.Done(run.Now) with { Output = Output(joined) };
        if (joined.Exists(pair => !pair.Task.Status.IsSuccessful() && !IsOptional(run, pair.Name)))
            return row with
            {
                Status = WorkflowTaskStatus.Failed,
                Reason = TextLimits.Fitted(
                    string.Join(' ', joined.Where(pair => !pair.Task.Status.IsSuccessful()).Select(pair => pair.Task.Reason)), TextLimits.Reason),
            };
        var imperfect = joined.Where(pair => pair.Task.Status == WorkflowTaskStatus.CompletedWithErrors && IsOptional(run, pair.Name)).ToList();
        return imperfect.Count == 0 ? row : row with
        {
            Status = WorkflowTaskStatus.CompletedWithErrors,
            Reason = TextLimits.Fitted(
                string.Concat(imperfect.Select(pair => $"{pair.Task.TaskDefName}/{pair.Task.TaskId} ")) + "completed with errors", TextLimits.Reason),
        };
    }

    private static bool IsOptional(DecisionRun run, string name) => run.Graph.Find(name)?.Task.Optional == true;

    /// <summary>Tasks of the fork's own branches have not begun, so nothing is loaded for them; others may have ended before.</summary>
    private static bool HasEnded(DecisionRun run, GraphNode join, string name)
    {
        if (run.State.SkippedAhead.Contains(name)) return true;
        return run.Graph.Find(name) is { } node && !IsInside(node, join) && run.Data.Latest(name) is { } task && task.Status.IsTerminal();
    }

    private static bool IsInside(GraphNode node, GraphNode join)
    {
        for (var parent = node.Parent; parent is not null; parent = parent.Parent)
            if (parent.Branches.Count > 0 && parent.Next == join) return true;
        return false;
    }

    private static JsonElement Input(IReadOnlyList<string> joinOn) => JsonText.Build(joinOn, static (writer, names) =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("joinOn");
        foreach (var name in names) writer.WriteStringValue(name);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static JsonElement Output(List<(string Name, TaskRecord Task)> joined) => JsonText.BuildBounded(joined, static (writer, tasks) =>
    {
        writer.WriteStartObject();
        foreach (var (name, task) in tasks)
        {
            if (task.Output.IsEmptyObject()) continue;
            writer.WritePropertyName(name);
            task.Output.WriteTo(writer);
            JsonText.CheckSize(writer);
        }
        writer.WriteEndObject();
    });
}
