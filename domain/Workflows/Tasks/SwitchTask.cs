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
        var expression = node.Task.Expression ?? "";
        if (node.Task.EvaluatorType != "value-param") CaseSelection.PlanByScript(round, node, row, expression, Output);
        else CaseSelection.PlanByValue(round, node, row, expression, Output);
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
