using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>SWITCH: by the value of an input, or by JavaScript.</summary>
internal sealed class SwitchTask : ITaskHandler
{
    public void Plan(Round round, GraphNode node, Attempt attempt)
    {
        var row = round.NewSystemRow(node, attempt, "SWITCH", "SWITCH");
        var (selected, error) = Evaluate(round, node, row.Input);
        if (error is not null) round.Add(new(node, row.Failed(round.Run.Now, WorkflowTaskStatus.Failed, error)));
        else CaseSelection.Plan(round, node, row, selected, Output(selected));
    }

    private static (string Case, string? Error) Evaluate(Round round, GraphNode node, JsonElement input)
    {
        var expression = node.Task.Expression ?? "";
        if (node.Task.EvaluatorType == "value-param") return (JavaText.Of(input.TryGetProperty(expression, out var value) ? value : null), null);
        var result = round.Run.Context.Scripts.Evaluate(expression, input);
        return (result.Error is null ? JavaText.Of(result.Value) : "", result.Error);
    }

    private static JsonElement Output(string selected) => JsonText.Build(selected, static (writer, value) =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("evaluationResult");
        writer.WriteStringValue(value);
        writer.WriteEndArray();
        writer.WriteString("selectedCase", value);
        writer.WriteEndObject();
    });
}
