using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>The selected case of a SWITCH or DECISION: its first task is planned right behind it.</summary>
internal static class CaseSelection
{
    /// <summary>The case is the text of an input.</summary>
    public static void PlanByValue(Round round, GraphNode node, TaskRecord row, string parameter, Func<string, JsonElement> output) =>
        Plan(round, node, row, JavaText.Of(row.Input.TryGetProperty(parameter, out var value) ? value : null), output);

    /// <summary>The case is the text of a script's result.</summary>
    public static void PlanByScript(Round round, GraphNode node, TaskRecord row, string script, Func<string, JsonElement> output)
    {
        if (round.Run.Evaluate(script, row.Input) is not { } result) return;
        if (result.Error is { } error) round.Add(new(node, row.Failed(round.Run.Now, WorkflowTaskStatus.Failed, error)));
        else Plan(round, node, row, JavaText.Of(result.Value), output);
    }

    private static void Plan(Round round, GraphNode node, TaskRecord row, string selected, Func<string, JsonElement> output)
    {
        // A case that is there and empty runs nothing; the default is for values without a case.
        var first = round.Run.Unskipped(node.Cases.TryGetValue(selected, out var head) ? head : node.Default);
        var marks = Marks(selected, hasChildren: first is not null);
        var input = node.Task.Type == "DECISION" ? marks : JsonText.Merge(row.Input, marks);
        round.Add(new(node, row.Done(round.Run.Now) with { Input = input, Output = output(selected) }) { HasChildren = first is not null });
        if (first is not null) round.Plan(first, Attempt.First);
    }

    private static JsonElement Marks(string selected, bool hasChildren) => JsonText.Build((selected, hasChildren), static (writer, state) =>
    {
        writer.WriteStartObject();
        writer.WriteString("case", state.selected);
        if (state.hasChildren) writer.WriteString("hasChildren", "true");
        writer.WriteEndObject();
    });
}
