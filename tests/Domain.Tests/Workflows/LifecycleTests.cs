using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;

namespace Conductor.Domain.Tests.Workflows;

public sealed class LifecycleTests
{
    private const string TwoSteps =
        """{"name":"two","failureWorkflow":"${workflow.input.handler}","tasks":[{"name":"work","taskReferenceName":"a"},"""
            + """{"name":"work","taskReferenceName":"b","inputParameters":{"r":"${a.output.r}"}}]}""";

    private static InMemoryShell Start(string definition, string input = """{"handler":"clean-up","x":1}""") =>
        new InMemoryShell(InMemoryShell.Compile(definition)).Start(input);

    private static Decision Pause(InMemoryShell shell) => shell.Send((now, seed) => new PauseExecution { Now = now, Seed = seed });
    private static Decision Resume(InMemoryShell shell) => shell.Send((now, seed) => new ResumeExecution { Now = now, Seed = seed });
    private static Decision Retry(InMemoryShell shell) => shell.Send((now, seed) => new RetryExecution { Now = now, Seed = seed });
    private static Decision Restart(InMemoryShell shell) => shell.Send((now, seed) => new RestartExecution { Now = now, Seed = seed });
    private static Decision Terminate(InMemoryShell shell) => shell.Send((now, seed) => new TerminateExecution { Now = now, Seed = seed, Reason = "enough" });
    private static void Refused(Decision decision, RejectionCode code, string message) => decision.ShouldBe(new Decision.Rejected(code, message));

    [Fact]
    public void What_ends_while_paused_is_followed_after_the_resume()
    {
        var shell = Start(TwoSteps);
        Pause(shell);
        shell.Complete("a", output: """{"r":5}""");
        (shell.Latest("a").Status, shell.Latest("a").Executed, shell.Tasks.Count).ShouldBe((WorkflowTaskStatus.Completed, false, 1));
        Resume(shell);
        shell.Latest("a").Executed.ShouldBeTrue();
        shell.Latest("b").Input.GetProperty("r").GetInt32().ShouldBe(5);
        shell.State!.Deferred.ShouldBeEmpty();
        shell.Complete("b");
        shell.State.Status.ShouldBe(WorkflowStatus.Completed);
    }

    [Fact]
    public void What_fails_while_paused_is_retried_after_the_resume()
    {
        var shell = Start(TwoSteps);
        Pause(shell);
        shell.Complete("a", TaskResultStatus.Failed);
        shell.Tasks.Count.ShouldBe(1);
        Resume(shell);
        (shell.Latest("a").Attempt, shell.State!.OpenTasks).ShouldBe((1, 1));
    }

    [Fact]
    public void Verbs_in_the_wrong_state_are_refused_in_Conductors_words()
    {
        var shell = Start(TwoSteps);
        var id = shell.WorkflowId;
        Refused(Resume(shell), RejectionCode.Conflict, $"The workflow {id} is not PAUSED so cannot resume. Current status is RUNNING");
        Refused(Restart(shell), RejectionCode.Conflict, $"Workflow: two.1/{id}.RUNNING is not in terminal state, unable to restart.");
        Refused(Retry(shell), RejectionCode.NotFound, "Workflow is still running.  status=RUNNING");
        Pause(shell);
        Pause(shell).ShouldBeOfType<Decision.Made>().Events.ShouldBeEmpty();
        Resume(shell);
        shell.Complete("a");
        shell.Complete("b");
        Refused(Terminate(shell), RejectionCode.Conflict, "Cannot terminate a COMPLETED workflow.");
        Refused(Pause(shell), RejectionCode.Conflict, $"Workflow two.1/{id} has ended, status cannot be updated.");
        Refused(Retry(shell), RejectionCode.Conflict, "There are no retryable tasks! Use restart if you want to attempt entire workflow execution again.");
    }

    [Fact]
    public void Reports_on_what_has_ended_change_nothing()
    {
        var shell = Start(TwoSteps);
        shell.Complete("a");
        shell.Complete("a", TaskResultStatus.Failed).ShouldBeOfType<Decision.Made>().Events.ShouldBeEmpty();
        Terminate(shell);
        shell.Latest("b").Status.ShouldBe(WorkflowTaskStatus.Canceled);
        shell.Complete("b").ShouldBeOfType<Decision.Made>().Events.ShouldBeEmpty();
        Terminate(shell).ShouldBeOfType<Decision.Made>().Events.ShouldBeEmpty();
        (shell.State!.Status, shell.State.Reason).ShouldBe((WorkflowStatus.Terminated, "enough"));
    }

    [Fact]
    public void A_failure_asks_for_the_failure_workflow_and_a_termination_from_outside_does_not()
    {
        var shell = Start(TwoSteps);
        shell.Complete("a", TaskResultStatus.FailedWithTerminalError, reason: "no stock");
        var request = shell.History.OfType<FailureWorkflowRequested>().Single();
        request.Name.ShouldBe("clean-up");
        var (input, failed) = (request.Input, shell.Latest("a"));
        (input.GetProperty("x").GetInt32(), input.GetProperty("failureStatus").GetString(), input.GetProperty("failureTaskId").GetGuid(),
            input.GetProperty("workflowId").GetGuid()).ShouldBe((1, "FAILED", failed.TaskId, shell.WorkflowId));
        input.GetProperty("reason").GetString().ShouldBe(shell.State!.Reason);
        shell.Output.GetProperty("conductor.failure_workflow").GetGuid().ShouldBe(request.WorkflowId);

        var other = Start(TwoSteps);
        Terminate(other);
        other.History.OfType<FailureWorkflowRequested>().ShouldBeEmpty();
    }

    [Fact]
    public void A_retry_reschedules_what_failed_and_what_was_canceled_and_reopens_the_join()
    {
        var shell = Start("""
            {"name":"forked","tasks":[{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"work",
                "taskReferenceName":"a"}],[{"name":"work","taskReferenceName":"b"}],[{"name":"work","taskReferenceName":"c"}]]},
              {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","b","c"]}]}
            """);
        shell.Complete("a", output: """{"n":1}""");
        shell.Complete("b", TaskResultStatus.FailedWithTerminalError);
        (shell.State!.Status, shell.Latest("c").Status, shell.Latest("j").Status).ShouldBe(
            (WorkflowStatus.Failed, WorkflowTaskStatus.Canceled, WorkflowTaskStatus.Canceled));
        Retry(shell);
        (shell.State.Status, shell.State.OpenTasks, shell.Latest("b").Attempt, shell.Latest("c").Attempt).ShouldBe((WorkflowStatus.Running, 3, 1, 1));
        shell.State.Joins["j"].Waiting.ShouldBe(2);
        shell.Complete("b");
        shell.Complete("c", output: """{"n":3}""");
        shell.Latest("j").Output.GetRawText().ShouldBe("""{"a":{"n":1},"c":{"n":3}}""");
        shell.State.Status.ShouldBe(WorkflowStatus.Completed);
    }

    [Fact]
    public void A_restart_begins_anew_under_the_same_id()
    {
        var shell = Start(TwoSteps);
        shell.Complete("a", TaskResultStatus.FailedWithTerminalError);
        shell.Now = shell.Now.AddMinutes(1);
        Restart(shell);
        (shell.Tasks.Count, shell.Latest("a").Seq, shell.State!.CreateTime, shell.State.Reason, shell.State.WorkflowId).ShouldBe(
            (1, 1, shell.Now, null, shell.WorkflowId));
        Terminate(shell);
        var completed = Start(TwoSteps.Replace("\"tasks\"", "\"restartable\":false,\"tasks\"", StringComparison.Ordinal));
        completed.Complete("a");
        completed.Complete("b");
        Refused(Restart(completed), RejectionCode.NotFound, $"Workflow: two.1/{completed.WorkflowId}.COMPLETED is non-restartable");
    }

    [Fact]
    public void A_skipped_task_is_passed_over()
    {
        var shell = Start(TwoSteps);
        Decision Skip(string name) =>
            shell.Send((now, seed) => new SkipAhead { Now = now, Seed = seed, ReferenceName = name, Output = InMemoryShell.Json("""{"r":"skipped"}""") });
        Refused(Skip("a"), RejectionCode.Conflict, "The task referenced a has already been processed, cannot be skipped");
        Refused(Skip("nobody"), RejectionCode.NotFound, "The task referenced by nobody does not exist in the WorkflowDefinition two");
        Skip("b").ShouldBeOfType<Decision.Made>();
        (shell.Latest("b").Status, shell.Latest("b").Seq).ShouldBe((WorkflowTaskStatus.Skipped, 0));
        shell.Complete("a");
        shell.State!.Status.ShouldBe(WorkflowStatus.Completed);
    }

    [Fact]
    public void Work_in_progress_goes_back_to_its_queue_after_the_callback()
    {
        var shell = new InMemoryShell(InMemoryShell.Compile(TwoSteps)).Start(
            domains: new Dictionary<string, string> { ["*"] = "eu, us", ["other"] = "NO_DOMAIN" });
        shell.Scheduled.Values.Single().Queue.ShouldBe("us:work");
        shell.Poll("a");
        shell.Complete("a", TaskResultStatus.InProgress, """{"half":1}""", callback: 30);
        var requeued = (TaskRequeued)shell.History[^1];
        (requeued.Queue, requeued.AvailableAt, requeued.Task.Status, requeued.Task.CallbackAfterSeconds).ShouldBe(
            ("us:work", shell.Now.AddSeconds(30), WorkflowTaskStatus.Scheduled, 30));
        shell.Latest("a").Output.GetRawText().ShouldBe("""{"half":1}""");
    }
}
