using System.Diagnostics;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Tests.Workflows;

public sealed class DeciderSpeed
{
    [Fact]
    public void A_step_of_a_sequence_is_decided_in_microseconds()
    {
        string Step(int i) =>
            """
            {"name":"step","taskReferenceName":"s#",
             "inputParameters":{"v":"${workflow.input.v}","before":"${s@.output.r}","text":"step # of ${workflow.input.v}"}}
            """
            .Replace("#", $"{i}", StringComparison.Ordinal).Replace("@", $"{Math.Max(1, i - 1)}", StringComparison.Ordinal);
        var tasks = string.Join(',', Enumerable.Range(1, 5).Select(Step));
        var graph = InMemoryShell.Compile(
            """{"name":"seq","outputParameters":{"r":"${s5.output.r}"},"tasks":[TASKS]}""".Replace("TASKS", tasks, StringComparison.Ordinal));
        var (input, output) = (InMemoryShell.Json("""{"v":"value"}"""), InMemoryShell.Json("""{"r":1,"more":[1,2,3]}"""));
        var context = new WorkflowContext(graph, new WorkflowData(), null!);
        int Run(int count)
        {
            var steps = 0;
            for (var i = 0; i < count; i++)
            {
                var seed = new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
                var made = (Decision.Made)WorkflowDecider.Decide(
                    null, new StartExecution { Now = DateTimeOffset.UnixEpoch, Seed = seed, WorkflowId = seed, Input = input }, context);
                for (steps++; made.State!.Status == WorkflowStatus.Running; steps++)
                {
                    var task = made.Events.OfType<TaskScheduled>().Single().Task.HandedOut("w", DateTimeOffset.UnixEpoch);
                    var command = new CompleteTask
                    {
                        Now = DateTimeOffset.UnixEpoch, Seed = seed, Task = task, Status = TaskResultStatus.Completed, Output = output,
                    };
                    made = (Decision.Made)WorkflowDecider.Decide(made.State, command, context with { Data = new WorkflowData().WithInput(input) });
                }
                made.State.Status.ShouldBe(WorkflowStatus.Completed);
            }
            return steps;
        }

        Run(5_000);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        using var process = Process.GetCurrentProcess();
        var (watch, before) = (Stopwatch.StartNew(), process.TotalProcessorTime);
        var decisions = Run(20_000);
        watch.Stop();
        process.Refresh();
        var busy = process.TotalProcessorTime - before;
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        decisions.ShouldBe(120_000);
        TestContext.Current.SendDiagnosticMessage(
            $"{decisions / watch.Elapsed.TotalSeconds:0} decisions/s; {watch.Elapsed.TotalMicroseconds / decisions:0.0} us, "
                + $"{busy.TotalMicroseconds / decisions:0.0} us of processor and {allocated / decisions} bytes each");
    }
}
