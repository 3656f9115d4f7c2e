using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Deciding;

/// <summary>Which attempt of a task is planned; a later one knows the one before, and its delay.</summary>
internal readonly record struct Attempt(TaskRecord? Previous, int? DelaySeconds, int JitterMs)
{
    public static Attempt First => default;
    public int Number => Previous is null ? 0 : Previous.Attempt + 1;
}

/// <summary>An attempt that will be scheduled in this decision.</summary>
internal sealed class PlannedTask(GraphNode node, TaskRecord row)
{
    public GraphNode Node => node;
    public TaskRecord Row { get; set; } = row;
    public string? Queue { get; init; }
    public DateTimeOffset AvailableAt { get; init; }

    /// <summary>Its followers are in the same round: nothing more follows when it has ended.</summary>
    public bool HasChildren { get; init; }

    /// <summary>A fact that goes with it.</summary>
    public WorkflowEvent? Then { get; set; }
}
