using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>TERMINATE: ends the workflow with a status, a reason and an output.</summary>
internal sealed class TerminateTask : ITaskHandler
{
    public void Plan(Round round, GraphNode node, Attempt attempt) =>
        round.Add(new(node, round.NewSystemRow(node, attempt, "TERMINATE", node.Task.Name!)));

    public void Execute(DecisionRun run, PlannedTask planned)
    {
        var row = planned.Row;
        if (Status(row) is null)
        {
            planned.Row = row.Failed(run.Now, WorkflowTaskStatus.Failed, "given termination status is not valid");
            return;
        }
        planned.Row = row.Done(run.Now) with { Output = Output(row.Input) };
        run.Terminating ??= planned.Row;
    }

    /// <summary>The status that it asks for; null when it is none of the three.</summary>
    public static WorkflowStatus? Status(TaskRecord row) => Text(row.Input, "terminationStatus") switch
    {
        "COMPLETED" => WorkflowStatus.Completed,
        "FAILED" => WorkflowStatus.Failed,
        "TERMINATED" => WorkflowStatus.Terminated,
        _ => null,
    };

    public static string Reason(TaskRecord row) => Text(row.Input, "terminationReason") is { } reason && !string.IsNullOrWhiteSpace(reason)
        ? reason : $"Workflow is {Text(row.Input, "terminationStatus")} by TERMINATE task: {row.TaskId}";

    private static string? Text(JsonElement input, string name) =>
        input.TryGetProperty(name, out var value) && !value.IsNothing() ? JavaText.Of(value) : null;

    private static JsonElement Output(JsonElement input)
    {
        if (!input.TryGetProperty("workflowOutput", out var output) || output.IsNothing()) return JsonText.EmptyObject;
        return output.ValueKind == JsonValueKind.Object ? output : JsonText.Build(output, static (writer, value) =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("output");
            value.WriteTo(writer);
            writer.WriteEndObject();
        });
    }
}
