using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Tests.Workflows;

public sealed class TimeoutTests
{
    private static InMemoryShell Start(string definition, string workflow = "") => new InMemoryShell(InMemoryShell.Compile(
        $$$"""{"name":"timeouts"{{{workflow}}},"tasks":[{"name":"work","taskReferenceName":"t","startDelay":5,"taskDefinition":"""
            + $$$"""{"name":"work","retryCount":1,"retryDelaySeconds":0,"responseTimeoutSeconds":0{{{definition}}}}}]}""")).Start();

    private static void TimeOut(InMemoryShell shell) =>
        shell.Send((now, seed) => new TimeOutTask { Now = now, Seed = seed, Task = shell.Latest("t") });

    private static DateTimeOffset? Next(InMemoryShell shell) => Deadlines.Next(shell.Latest("t"), shell.Graph.Find("t")!.TaskDefinition);

    [Fact]
    public void The_next_deadline_of_an_attempt_is_the_first_that_has_a_consequence()
    {
        var shell = Start(""","pollTimeoutSeconds":10,"responseTimeoutSeconds":20,"timeoutSeconds":30,"totalTimeoutSeconds":40""");
        shell.Scheduled.Values.Single().AvailableAt.ShouldBe(shell.Now.AddSeconds(5));
        Next(shell).ShouldBe(shell.Now.AddSeconds(15));
        shell.Now = shell.Now.AddSeconds(5);
        shell.Poll("t");
        Next(shell).ShouldBe(shell.Now.AddSeconds(20));
        shell.Now = shell.Now.AddSeconds(19);
        shell.Complete("t", TaskResultStatus.InProgress, extendLease: true);
        Next(shell).ShouldBe(shell.Now.AddSeconds(11));
        Next(Start("")).ShouldBeNull();
    }

    [Theory]
    [InlineData(TaskTimeout.Poll, ""","pollTimeoutSeconds":10""", 15, false)]
    [InlineData(TaskTimeout.Response, ""","responseTimeoutSeconds":10""", 10, true)]
    [InlineData(TaskTimeout.Overall, ""","timeoutSeconds":10""", 10, true)]
    [InlineData(TaskTimeout.Total, ""","totalTimeoutSeconds":10""", 10, true)]
    public void A_passed_deadline_times_the_attempt_out_and_an_early_notice_changes_nothing(TaskTimeout kind, string definition, int after, bool polled)
    {
        var shell = Start(definition + ""","timeoutPolicy":"RETRY" """);
        if (polled) shell.Poll("t");
        var first = shell.Latest("t");
        shell.Now = shell.Now.AddSeconds(after - 1);
        TimeOut(shell);
        shell.Latest("t").ShouldBe(first);
        shell.Now = shell.Now.AddSeconds(1);
        TimeOut(shell);
        shell.Tasks[first.TaskId].Status.ShouldBe(WorkflowTaskStatus.TimedOut);
        if (kind == TaskTimeout.Total) shell.State!.Status.ShouldBe(WorkflowStatus.TimedOut);
        else shell.Latest("t").Attempt.ShouldBe(1);
    }

    [Fact]
    public void A_response_timeout_is_a_retry_whatever_the_policy()
    {
        var shell = Start(""","responseTimeoutSeconds":10,"timeoutPolicy":"TIME_OUT_WF" """);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            shell.Poll("t");
            shell.Now = shell.Now.AddSeconds(10);
            TimeOut(shell);
        }
        shell.State!.Status.ShouldBe(WorkflowStatus.TimedOut);
        shell.State.Reason.ShouldBe(
            $"Task {shell.Latest("t").TaskId} failed with status: TIMED_OUT and reason: 'responseTimeout: 10 exceeded for the taskId: "
                + $"{shell.Latest("t").TaskId} with Task Definition: work'");
    }

    [Fact]
    public void The_policy_can_end_the_workflow_or_only_alert()
    {
        var ends = Start(""","timeoutSeconds":10,"timeoutPolicy":"TIME_OUT_WF" """);
        ends.Poll("t");
        ends.Now = ends.Now.AddSeconds(11);
        TimeOut(ends);
        ends.State!.Status.ShouldBe(WorkflowStatus.TimedOut);
        ends.State.Reason.ShouldBe("Task timed out after 11 seconds. Timeout configured as 10 seconds. Timeout policy configured to TIME_OUT_WF");

        var alerts = Start(""","timeoutSeconds":10,"timeoutPolicy":"ALERT_ONLY" """);
        alerts.Poll("t");
        alerts.Now = alerts.Now.AddSeconds(11);
        TimeOut(alerts);
        alerts.State!.Status.ShouldBe(WorkflowStatus.Running);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void A_silent_worker_loses_its_task_even_where_other_timeouts_only_alert(int timeout, int response)
    {
        var shell = Start($$""","timeoutSeconds":{{timeout}},"responseTimeoutSeconds":{{response}},"totalTimeoutSeconds":9,"timeoutPolicy":"ALERT_ONLY" """);
        Next(shell).ShouldBeNull();
        var first = shell.Poll("t");
        Next(shell).ShouldBe(shell.Now.AddSeconds(response));
        shell.Now = shell.Now.AddSeconds(1);
        shell.Complete("t", TaskResultStatus.InProgress, extendLease: true);
        shell.Now = shell.Now.AddSeconds(10);
        TimeOut(shell);
        shell.Tasks[first.TaskId].Status.ShouldBe(WorkflowTaskStatus.TimedOut);
        shell.Tasks[first.TaskId].Reason!.ShouldStartWith("responseTimeout");
    }

    [Fact]
    public void The_lease_of_an_attempt_that_nobody_holds_is_not_extended()
    {
        var shell = Start(""","responseTimeoutSeconds":10""");
        shell.Complete("t", TaskResultStatus.InProgress, extendLease: true).ShouldBeOfType<Decision.Made>().Events.ShouldBeEmpty();
    }

    [Fact]
    public void Lines_that_a_worker_logs_are_part_of_what_happened()
    {
        var shell = Start("");
        shell.Poll("t");
        shell.Send((now, seed) => new CompleteTask
        {
            Now = now, Seed = seed, Task = shell.Latest("t"), Status = TaskResultStatus.Completed, Logs = ["one", "two"],
        });
        shell.History.OfType<TaskCompleted>().Single().Logs.ShouldBe(["one", "two"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_execution_whose_messages_cannot_be_decided_fails_with_the_reason(bool evaluatesNothing)
    {
        var shell = Start("");
        shell.Send((now, seed) => new FailExecution { Now = now, Seed = seed, Reason = "it throws", EvaluatesNothing = evaluatesNothing });
        (shell.State!.Status, shell.State.Reason, shell.State.OpenTasks).ShouldBe((WorkflowStatus.Failed, "it throws", 0));
        shell.Latest("t").Status.ShouldBe(WorkflowTaskStatus.Canceled);
    }

    [Fact]
    public void An_extended_lease_moves_the_response_deadline_and_nothing_else()
    {
        var shell = Start(""","responseTimeoutSeconds":10""");
        shell.Poll("t");
        shell.Now = shell.Now.AddSeconds(9);
        shell.Complete("t", TaskResultStatus.InProgress, extendLease: true);
        shell.Latest("t").Status.ShouldBe(WorkflowTaskStatus.InProgress);
        shell.Now = shell.Now.AddSeconds(9);
        TimeOut(shell);
        shell.Latest("t").Status.ShouldBe(WorkflowTaskStatus.InProgress);
    }

    [Fact]
    public void The_timeout_of_a_workflow_stands_still_while_it_is_paused_and_an_old_token_is_stale()
    {
        var shell = Start("", ""","timeoutSeconds":60,"timeoutPolicy":"TIME_OUT_WF" """);
        var first = shell.Timers.Values.Single();
        first.Due.ShouldBe(shell.Now.AddSeconds(60));
        shell.Send((now, seed) => new PauseExecution { Now = now, Seed = seed });
        shell.Timers.ShouldBeEmpty();
        shell.Now = shell.Now.AddSeconds(50);
        shell.Send((now, seed) => new ResumeExecution { Now = now, Seed = seed });
        var second = shell.Timers.Values.Single();
        second.Due.ShouldBe(shell.Now.AddSeconds(60));
        shell.Now = shell.Now.AddSeconds(60);
        shell.Send((now, seed) => new FireTimer { Now = now, Seed = seed, Token = first.Token, Purpose = TimerPurpose.WorkflowTimeout });
        shell.State!.Status.ShouldBe(WorkflowStatus.Running);
        shell.Send((now, seed) => new FireTimer { Now = now, Seed = seed, Token = second.Token, Purpose = TimerPurpose.WorkflowTimeout });
        shell.State.Status.ShouldBe(WorkflowStatus.TimedOut);
        shell.State.Reason.ShouldBe("Workflow timed out after 60 seconds. Timeout configured as 60 seconds. Timeout policy configured to TIME_OUT_WF");
        shell.Latest("t").Status.ShouldBe(WorkflowTaskStatus.Canceled);
        shell.State.OpenTasks.ShouldBe(0);
    }
}
