using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>WAIT: for a duration, until a time, or until somebody completes it.</summary>
internal sealed class WaitTask : ITaskHandler
{
    public void Plan(Round round, GraphNode node, Attempt attempt)
    {
        var now = round.Run.Now;
        var row = round.NewSystemRow(node, attempt, "WAIT", node.Task.Name!);
        var (due, error) = Due(Text(row.Input, "duration"), Text(row.Input, "until"), now);
        if (error is not null)
        {
            round.Add(new(node, row.Failed(now, WorkflowTaskStatus.FailedWithTerminalError, error)));
            return;
        }
        row = row with { WaitUntil = due, CallbackAfterSeconds = due is null ? int.MaxValue : Math.Max(0, (long)(due.Value - now).TotalSeconds) };
        var timer = due is null ? null : new TimerStarted { At = now, Token = row.TaskId, Due = due.Value, Purpose = TimerPurpose.Wait, TaskId = row.TaskId };
        round.Add(new(node, row) { Then = timer });
    }

    private static (DateTimeOffset? Due, string? Error) Due(string duration, string until, DateTimeOffset now)
    {
        if (duration.Length > 0 && until.Length > 0) return (null, "Both 'duration' and 'until' specified. Please provide only one input");
        if (duration.Length > 0) return WaitTimes.TryDuration(duration, out var span) ? (now + span, null) : (null, "Not valid duration: " + duration);
        if (until.Length == 0) return (null, null);
        return WaitTimes.TryUntil(until, out var time) ? (time, null) : (null, "Invalid/Unsupported Wait Until format.  Provided: " + until);
    }

    private static string Text(JsonElement input, string name) =>
        input.TryGetProperty(name, out var value) && !value.IsNothing() ? JavaText.Of(value).Trim() : "";
}
