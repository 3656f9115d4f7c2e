using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Limits;
using Conductor.Domain.Workflows.Tasks;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The ways in which an execution ends.</summary>
internal static class Ending
{
    public static string Describe(TaskRecord row, string status) => $"Task {row.TaskId} failed with status: {status} and reason: '{row.Reason ?? "null"}'";

    /// <summary>Nothing is open and nothing follows.</summary>
    public static void AtLastTask(DecisionRun run)
    {
        var failures = run.State.PermissiveFailures;
        if (failures.IsEmpty) End(run, WorkflowStatus.Completed, null, null, withFailureWorkflow: false);
        else End(run, WorkflowStatus.Failed, string.Join(". ", failures.Select(failure => failure.Reason)), null, withFailureWorkflow: true);
    }

    public static void ByTask(DecisionRun run, TaskRecord row, string? reason)
    {
        var status = row.Status switch
        {
            WorkflowTaskStatus.Canceled => WorkflowStatus.Terminated,
            WorkflowTaskStatus.TimedOut => WorkflowStatus.TimedOut,
            _ => WorkflowStatus.Failed,
        };
        End(run, status, reason ?? Describe(row, status.Name()), row, withFailureWorkflow: true);
    }

    public static void ByTerminate(DecisionRun run, TaskRecord row)
    {
        var status = TerminateTask.Status(row)!.Value;
        End(run, status, TerminateTask.Reason(row), row, withFailureWorkflow: status != WorkflowStatus.Completed);
    }

    public static void End(DecisionRun run, WorkflowStatus status, string? reason, TaskRecord? task, bool withFailureWorkflow)
    {
        if (!TryOutput(run, out var output, out var problem) && status == WorkflowStatus.Completed)
            (status, reason, withFailureWorkflow) = (WorkflowStatus.Failed, "The output of the workflow cannot be made: " + problem, true);
        var request = withFailureWorkflow ? FailureWorkflow.Request(run, status, reason, task) : null;
        if (run.IsMissing) return;
        if (request is not null) output = JsonText.Merge(output, FailureWorkflow.Mark(request.WorkflowId));
        if (run.State.OpenTasks > 0) run.Emit(new OpenTasksCanceled { At = run.Now, Count = run.State.OpenTasks });
        run.Emit(Fact(run, status, output, reason, status == WorkflowStatus.Completed ? null : task));
        if (request is not null) run.Emit(request);
    }

    private static ExecutionEnded Fact(DecisionRun run, WorkflowStatus status, JsonElement output, string? reason, TaskRecord? task)
    {
        ExecutionEnded fact = status switch
        {
            WorkflowStatus.Completed => new WorkflowCompleted { At = run.Now, Output = output },
            WorkflowStatus.Failed => new WorkflowFailed { At = run.Now, Output = output },
            WorkflowStatus.TimedOut => new WorkflowTimedOut { At = run.Now, Output = output },
            WorkflowStatus.Terminated => new WorkflowTerminated { At = run.Now, Output = output },
            _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
        };
        var failed = run.State.FailedSoFar;
        return fact with
        {
            Reason = reason is null ? null : TextLimits.Fitted(reason, TextLimits.Reason),
            FailureTaskId = run.State.FailureTaskId ?? task?.TaskId,
            FailedReferenceNames = failed.IsEmpty ? [] : [.. failed.Keys],
            FailedTaskNames = failed.IsEmpty ? [] : [.. failed.Values.Distinct().Order(StringComparer.Ordinal)],
        };
    }

    private static bool TryOutput(DecisionRun run, out JsonElement output, out string? problem)
    {
        try
        {
            (output, problem) = (Output(run), null);
            return true;
        }
        catch (ValueRefusedException refused)
        {
            (output, problem) = (JsonText.EmptyObject, refused.Message);
            return false;
        }
    }

    /// <summary>A TERMINATE task's output, else the output parameters, else the output of the last task.</summary>
    private static JsonElement Output(DecisionRun run)
    {
        if (run.Terminating is { } terminating) return terminating.Output;
        if (!run.Graph.Output.IsEmpty) return run.Graph.Output.Resolve(run.Scope);
        return run.State.LastReference is { } last && run.Data.Latest(last) is { } task ? task.Output : JsonText.EmptyObject;
    }
}
