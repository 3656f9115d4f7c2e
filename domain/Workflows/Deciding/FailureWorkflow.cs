using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The workflow that is started when another fails.</summary>
internal static class FailureWorkflow
{
    public static FailureWorkflowRequested? Request(DecisionRun run, WorkflowStatus status, string? reason, TaskRecord? task)
    {
        if (Name(run) is not { } name || string.IsNullOrWhiteSpace(name) || name == "null") return null;
        var facts = JsonText.Build((run, status, reason, task), static (writer, state) =>
        {
            writer.WriteStartObject();
            writer.WriteString("workflowId", state.run.State.WorkflowId);
            writer.WriteString("reason", state.reason);
            writer.WriteString("failureStatus", state.status.Name());
            if (state.task is not null) writer.WriteString("failureTaskId", state.task.TaskId);
            writer.WriteEndObject();
        });
        return new()
        {
            At = run.Now,
            WorkflowId = run.NewId(),
            Name = name,
            Version = run.Graph.Definition.FailureWorkflowVersion,
            Input = JsonText.Merge(run.Data.Input(), facts),
        };
    }

    /// <summary>A name that may not be made is none.</summary>
    private static string? Name(DecisionRun run)
    {
        try
        {
            return run.Graph.FailureWorkflow?.Resolve(run.Scope);
        }
        catch (ValueRefusedException)
        {
            return null;
        }
    }

    /// <summary>Tells in the failed execution's output which workflow was started.</summary>
    public static JsonElement Mark(Guid workflowId) => JsonText.Build(workflowId, static (writer, id) =>
    {
        writer.WriteStartObject();
        writer.WriteString("conductor.failure_workflow", id);
        writer.WriteEndObject();
    });
}
