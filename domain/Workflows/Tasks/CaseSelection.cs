using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>The selected case of a SWITCH or DECISION: its first task is planned right behind it.</summary>
internal static class CaseSelection
{
    public static void Plan(Round round, GraphNode node, TaskRecord row, string selected, JsonElement output)
    {
        // A case that is there and empty runs nothing; the default is for values without a case.
        var first = round.Run.Unskipped(node.Cases.TryGetValue(selected, out var head) ? head : node.Default);
        var marks = Marks(selected, hasChildren: first is not null);
        var input = node.Task.Type == "DECISION" ? marks : JsonText.Merge(row.Input, marks);
        round.Add(new(node, row.Done(round.Run.Now) with { Input = input, Output = output }) { HasChildren = first is not null });
        if (first is not null) first.Handler.Plan(round, first, Attempt.First);
    }

    private static JsonElement Marks(string selected, bool hasChildren) => JsonText.Build((selected, hasChildren), static (writer, state) =>
    {
        writer.WriteStartObject();
        writer.WriteString("case", state.selected);
        if (state.hasChildren) writer.WriteString("hasChildren", "true");
        writer.WriteEndObject();
    });
}
