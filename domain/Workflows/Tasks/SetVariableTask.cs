using System.Runtime.InteropServices;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Workflows.Tasks;

/// <summary>SET_VARIABLE: lays its input over the variables, which may hold 256 kB.</summary>
internal sealed class SetVariableTask : ITaskHandler
{
    private const int LimitKilobytes = 256;

    public void Plan(Round round, GraphNode node, Attempt attempt) =>
        round.Add(new(node, round.NewSystemRow(node, attempt, "SET_VARIABLE", node.Task.Name!)));

    public void Execute(DecisionRun run, PlannedTask planned)
    {
        var merged = JsonText.Merge(run.State.Variables, planned.Row.Input);
        var size = JsonMarshal.GetRawUtf8Value(merged).Length;
        if (size > LimitKilobytes * 1024)
        {
            planned.Row = planned.Row.Failed(run.Now, WorkflowTaskStatus.FailedWithTerminalError,
                $"The variables payload size: {size} of workflow: {run.State.WorkflowId} is greater than the permissible limit: {LimitKilobytes} kilobytes");
            return;
        }
        planned.Row = planned.Row.Done(run.Now);
        planned.Then = new VariablesSet { At = run.Now, Variables = merged };
    }
}
