using Conductor.Postgres.Sagas.GroupCommit;
using Conductor.Postgres.Workflows;
using Conductor.Sagas.Workflow;

namespace Conductor.Workflows.Sagas;

/// <summary>A batch that is being committed.</summary>
internal sealed class BatchOutcome(
    CommitEffects effects, IReadOnlyList<WorkflowState> states, IReadOnlyList<PromisedTask> promises, IReadOnlyList<QueuedTask> queued) : IBatchOutcome
{
    public void Committed() => effects.Committed(states, promises, queued);

    public void Abandoned() => effects.Abandoned(promises);
}
