using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>What is particular to a task type.</summary>
internal interface ITaskHandler
{
    /// <summary>Adds the new attempt to the round, and those that begin with it. Inputs are computed now, before anything of the round is executed.</summary>
    void Plan(Round round, GraphNode node, Attempt attempt);

    /// <summary>Executes an attempt of the round that has not ended; most wait for somebody.</summary>
    void Execute(DecisionRun run, PlannedTask planned) { }
}
