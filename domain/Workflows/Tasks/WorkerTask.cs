using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>SIMPLE, and every type that is not a system task: a worker takes it from the queue of its type.</summary>
internal sealed class WorkerTask : ITaskHandler
{
    public void Plan(Round round, GraphNode node, Attempt attempt)
    {
        var type = node.Task.Type == "SIMPLE" ? node.Task.Name! : node.Task.Type;
        var row = round.NewRow(node, attempt, type, node.Task.Name!, WorkflowTaskStatus.Scheduled);
        var delay = attempt.DelaySeconds ?? node.Task.StartDelay;
        row = row with
        {
            Domain = WorkerDomain.Of(round.Run.State, type, round.Run.Context.IsPolled),
            StartDelaySeconds = delay,
            CallbackAfterSeconds = delay,
            ResponseTimeoutSeconds = node.TaskDefinition.ResponseTimeoutSeconds,
            ConcurrentExecLimit = node.TaskDefinition.ConcurrentExecLimit ?? 0,
            RateLimitPerFrequency = node.TaskDefinition.RateLimitPerFrequency,
            RateLimitFrequencyInSeconds = node.TaskDefinition.RateLimitFrequencyInSeconds,
        };
        round.Add(new(node, row)
        {
            Queue = WorkerDomain.QueueOf(row.TaskType, row.Domain), AvailableAt = round.Run.Now.AddSeconds(delay).AddMilliseconds(attempt.JitterMs),
        });
    }
}
