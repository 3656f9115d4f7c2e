using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>FORK_JOIN: done at once; begins its branches, and the JOIN behind it.</summary>
internal sealed class ForkTask : ITaskHandler
{
    public void Plan(Round round, GraphNode node, Attempt attempt)
    {
        round.Add(new(node, round.NewSystemRow(node, attempt, "FORK", "FORK").Done(round.Run.Now)) { HasChildren = true });
        foreach (var branch in node.Branches)
            if (round.Run.Unskipped(branch) is { } first) round.Plan(first, Attempt.First);
        // A JOIN that was skipped is passed at once.
        if (round.Run.Unskipped(node.Next) is { } join) round.Plan(join, Attempt.First);
    }
}
