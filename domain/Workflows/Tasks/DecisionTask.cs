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
        if (string.IsNullOrWhiteSpace(node.Task.CaseExpression))
        {
            var selected = JavaText.Of(row.Input.TryGetProperty(node.Task.CaseValueParam ?? "", out var value) ? value : null);
            CaseSelection.Plan(round, node, row, selected, Output(selected));
            return;
        }
        var result = round.Run.Context.Scripts.Evaluate(node.Task.CaseExpression, row.Input);
        if (result.Error is not null) round.Add(new(node, row.Failed(round.Run.Now, WorkflowTaskStatus.Failed, result.Error)));
        else CaseSelection.Plan(round, node, row, JavaText.Of(result.Value), Output(JavaText.Of(result.Value)));
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
