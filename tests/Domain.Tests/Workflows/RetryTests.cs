using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Tests.Workflows;

public sealed class RetryTests
{
    private static InMemoryShell Start(string definition, string task = "") => new InMemoryShell(InMemoryShell.Compile(
        $$$"""{"name":"retries","outputParameters":{"o":"${t.output.o}"},"tasks":[{"name":"work","taskReferenceName":"t"{{{task}}},"taskDefinition":"""
            + $$$"""{"name":"work"{{{definition}}}}},{"name":"after","taskReferenceName":"after"}]}""")).Start();

    [Theory]
    [InlineData("FIXED", 7, 0, 7, 7, 7)]
    [InlineData("LINEAR_BACKOFF", 7, 0, 14, 28, 42)]
    [InlineData("EXPONENTIAL_BACKOFF", 7, 0, 7, 14, 28)]
    [InlineData("EXPONENTIAL_BACKOFF", 7, 10, 7, 10, 10)]
    public void The_delay_before_an_attempt_follows_the_retry_logic(string logic, int delay, int cap, params int[] expected)
    {
        var shell = Start($$""","retryCount":3,"retryLogic":"{{logic}}","retryDelaySeconds":{{delay}},"backoffScaleFactor":2,"maxRetryDelaySeconds":{{cap}}""");
        foreach (var seconds in expected)
        {
            shell.Complete("t", TaskResultStatus.Failed);
            var row = shell.Latest("t");
            (row.StartDelaySeconds, row.CallbackAfterSeconds).ShouldBe((seconds, seconds));
            shell.Scheduled[row.TaskId].AvailableAt.ShouldBe(shell.Now.AddSeconds(seconds));
        }
        shell.Complete("t", TaskResultStatus.Failed, reason: "for good");
        shell.State!.Status.ShouldBe(WorkflowStatus.Failed);
        shell.State.Reason.ShouldBe($"Task {shell.Latest("t").TaskId} failed with status: FAILED and reason: 'for good'");
        shell.State.FailureTaskId.ShouldBe(shell.Latest("t").TaskId);
        (shell.State.FailedReferenceNames, shell.State.FailedTaskNames).ShouldSatisfyAllConditions(
            names => names.Item1.ShouldBe(["t"]), names => names.Item2.ShouldBe(["work"]));
    }

    [Fact]
    public void A_new_attempt_knows_the_one_before()
    {
        var shell = Start(""","retryCount":1""");
        var first = shell.Latest("t");
        shell.Complete("t", TaskResultStatus.Failed, """{"o":1}""", "no");
        var (old, second) = (shell.Tasks[first.TaskId], shell.Latest("t"));
        (old.Status, old.Retried, old.Reason).ShouldBe((WorkflowTaskStatus.Failed, true, "no"));
        (second.RetriedTaskId, second.Attempt, second.Seq, second.Status, second.Reason).ShouldBe((first.TaskId, 1, 2, WorkflowTaskStatus.Scheduled, null));
        second.Output.GetRawText().ShouldBe("{}");
        second.FirstScheduledTime.ShouldBe(first.ScheduledTime);
    }

    [Fact]
    public void Jitter_is_added_to_the_delay_and_stays_within_its_bound()
    {
        var shell = Start(""","retryCount":50,"retryDelaySeconds":1,"backoffJitterMs":500""");
        var delays = new List<double>();
        for (var i = 0; i < 50; i++)
        {
            shell.Complete("t", TaskResultStatus.Failed);
            delays.Add((shell.Scheduled[shell.Latest("t").TaskId].AvailableAt - shell.Now).TotalMilliseconds);
        }
        delays.ShouldAllBe(delay => delay >= 1000 && delay <= 1500);
        delays.Distinct().Count().ShouldBeGreaterThan(25);
    }

    [Theory]
    [InlineData(TaskResultStatus.FailedWithTerminalError, WorkflowStatus.Failed)]
    [InlineData(TaskResultStatus.Canceled, WorkflowStatus.Terminated)]
    public void A_terminal_error_and_a_cancellation_are_never_retried(TaskResultStatus status, WorkflowStatus end)
    {
        var shell = Start(""","retryCount":5""");
        shell.Complete("t", status);
        shell.State!.Status.ShouldBe(end);
        shell.Tasks.Count.ShouldBe(1);
    }

    [Fact]
    public void The_count_of_the_workflows_task_goes_before_the_definitions()
    {
        var shell = Start(""","retryCount":5""", ""","retryCount":0""");
        shell.Complete("t", TaskResultStatus.Failed);
        shell.State!.Status.ShouldBe(WorkflowStatus.Failed);
    }

    [Fact]
    public void An_optional_task_that_fails_for_good_completes_with_errors()
    {
        var shell = Start(""","retryCount":1""", ""","optional":true""");
        shell.Complete("t", TaskResultStatus.Failed);
        shell.Complete("t", TaskResultStatus.Failed);
        shell.Latest("t").Status.ShouldBe(WorkflowTaskStatus.CompletedWithErrors);
        shell.Complete("after");
        shell.State!.Status.ShouldBe(WorkflowStatus.Completed);
    }

    [Fact]
    public void A_permissive_task_lets_the_rest_go_on_and_fails_the_workflow_at_its_end()
    {
        var shell = Start(""","retryCount":0""", ""","permissive":true""");
        shell.Complete("t", TaskResultStatus.Failed, reason: "no stock");
        shell.State!.Status.ShouldBe(WorkflowStatus.Running);
        shell.Complete("after");
        shell.State.Status.ShouldBe(WorkflowStatus.Failed);
        shell.State.Reason.ShouldBe($"Task {shell.Latest("t").TaskId} failed with status: FAILED and reason: 'no stock'");
    }

    [Fact]
    public void No_attempt_begins_after_the_total_timeout()
    {
        var shell = Start(""","retryCount":9,"totalTimeoutSeconds":100""");
        shell.Now = shell.Now.AddSeconds(99);
        shell.Complete("t", TaskResultStatus.Failed);
        shell.State!.Status.ShouldBe(WorkflowStatus.Running);
        shell.Now = shell.Now.AddSeconds(1);
        shell.Complete("t", TaskResultStatus.Failed);
        shell.State.Status.ShouldBe(WorkflowStatus.Failed);
        shell.State.Reason!.ShouldContain("exceeded total timeout of 100 seconds");
    }
}
