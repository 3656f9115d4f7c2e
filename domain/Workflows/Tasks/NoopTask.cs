using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>NOOP: done at once.</summary>
internal sealed class NoopTask : ITaskHandler
{
    public void Plan(Round round, GraphNode node, Attempt attempt) =>
        round.Add(new(node, round.NewSystemRow(node, attempt, "NOOP", node.Task.Name!).Done(round.Run.Now)));
}

/// <summary>HUMAN: waits until somebody completes it.</summary>
internal sealed class HumanTask : ITaskHandler
{
    public void Plan(Round round, GraphNode node, Attempt attempt) =>
        round.Add(new(node, round.NewSystemRow(node, attempt, "HUMAN", node.Task.Name!)));
}
