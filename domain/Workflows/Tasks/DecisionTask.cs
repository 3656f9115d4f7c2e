using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>DECISION: the older form of SWITCH.</summary>
internal sealed class DecisionTask : ITaskHandler
{
    public void Plan(Round round, GraphNode node, Attempt attempt)
    {
        var row = round.NewSystemRow(node, attempt, "DECISION", "DECISION");
        if (string.IsNullOrWhiteSpace(node.Task.CaseExpression)) CaseSelection.PlanByValue(round, node, row, node.Task.CaseValueParam ?? "", Output);
        else CaseSelection.PlanByScript(round, node, row, node.Task.CaseExpression, Output);
    }

    private static JsonElement Output(string selected) => JsonText.Build(selected, static (writer, value) =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("caseOutput");
        writer.WriteStringValue(value);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}
