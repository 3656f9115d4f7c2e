using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>What comes of an attempt that has ended.</summary>
internal enum Verdict { Follow, Retry, Fatal }

/// <summary>An attempt's final row and what comes of it.</summary>
internal readonly record struct Judgement(Verdict Verdict, TaskRecord Row, string? Reason = null)
{
    public static Judgement Of(GraphNode node, TaskRecord row, DateTimeOffset now)
    {
        if (row.Status.IsSuccessful()) return new(Verdict.Follow, row with { Executed = true });
        if (IsRetried(node, row))
            return IsTooLate(node, row, now) is { } reason ? new(Verdict.Fatal, row, reason) : new(Verdict.Retry, row with { Retried = true });
        if (node.Task.Optional) return new(Verdict.Follow, row with { Status = WorkflowTaskStatus.CompletedWithErrors, Executed = true });
        return node.Task.Permissive ? new(Verdict.Follow, row with { Executed = true }) : new(Verdict.Fatal, row);
    }

    private static bool IsRetried(GraphNode node, TaskRecord row) =>
        row.Status.IsRetriable() && !TaskTypes.IsFlowControl(node.Task.Type) && (node.Task.RetryCount ?? node.TaskDefinition.RetryCount) > row.Attempt;

    private static string? IsTooLate(GraphNode node, TaskRecord row, DateTimeOffset now)
    {
        if (Deadlines.Total(row, node.TaskDefinition) is not { } deadline || now < deadline) return null;
        var elapsed = (long)(now - row.FirstScheduledTime!.Value).TotalSeconds;
        return $"Task {row.TaskId}/{row.TaskDefName} exceeded total timeout of {node.TaskDefinition.TotalTimeoutSeconds} seconds "
            + $"(elapsed {elapsed} seconds across all attempts). No further retries will be attempted.";
    }
}
