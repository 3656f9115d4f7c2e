using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>The workflow that is started when another fails.</summary>
internal static class FailureWorkflow
{
    public static FailureWorkflowRequested? Request(DecisionRun run, WorkflowStatus status, string? reason, TaskRecord? task)
    {
        if (run.Graph.FailureWorkflow?.Resolve(run.Scope) is not { } name || string.IsNullOrWhiteSpace(name) || name == "null") return null;
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

    /// <summary>Tells in the failed execution's output which workflow was started.</summary>
    public static JsonElement Mark(Guid workflowId) => JsonText.Build(workflowId, static (writer, id) =>
    {
        writer.WriteStartObject();
        writer.WriteString("conductor.failure_workflow", id);
        writer.WriteEndObject();
    });
}
