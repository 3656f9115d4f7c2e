using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Tests.Workflows;

public sealed class SystemTaskTests
{
    private static InMemoryShell Start(string tasks, string input = "{}", IScriptEvaluator? scripts = null) =>
        new InMemoryShell(InMemoryShell.Compile($$"""{"name":"system","variables":{"n":1},"tasks":[{{tasks}}]}"""), scripts: scripts).Start(input);

    private static void Fire(InMemoryShell shell, TimerStarted timer) =>
        shell.Send(
            (now, seed) => new FireTimer { Now = now, Seed = seed, Token = timer.Token, Purpose = timer.Purpose, Task = shell.Tasks[timer.TaskId!.Value] });

    [Theory]
    [InlineData("1 days 2h 3 mins 4s", 93784)]
    [InlineData("90 seconds", 90)]
    [InlineData("0s", 0)]
    public void A_wait_ends_with_its_timer(string duration, long seconds)
    {
        var shell = Start($$$"""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"duration":"{{{duration}}}"}}""");
        var timer = shell.Timers.Values.Single();
        (timer.Due, timer.Purpose, timer.TaskId).ShouldBe((shell.Now.AddSeconds(seconds), TimerPurpose.Wait, shell.Latest("w").TaskId));
        (shell.Latest("w").Status, shell.Latest("w").CallbackAfterSeconds).ShouldBe((WorkflowTaskStatus.InProgress, seconds));
        shell.Now = timer.Due;
        Fire(shell, timer);
        shell.State!.Status.ShouldBe(WorkflowStatus.Completed);
        Fire(shell, timer);
        shell.History.OfType<TaskCompleted>().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData("2026-11-22 10:30", "2026-11-22T10:30:00Z")]
    [InlineData("2026-11-22", "2026-11-22T00:00:00Z")]
    [InlineData("2026-11-22 10:30 GMT+02:00", "2026-11-22T08:30:00Z")]
    [InlineData("2026-11-22 10:30 UTC", "2026-11-22T10:30:00Z")]
    [InlineData("2026-01-31 10:00 CET", "2026-01-31T09:00Z")]
    [InlineData("2026-07-31 10:00 EST", "2026-07-31T15:00Z")]
    [InlineData("2026-01-31 10:00 PST", "2026-01-31T18:00Z")]
    [InlineData("2026-01-31 10:00 JST", "2026-01-31T01:00Z")]
    [InlineData("2026-01-31 10:00 IST", "2026-01-31T04:30Z")]
    [InlineData("2026-07-31 10:00 BST", "2026-07-31T09:00Z")]
    [InlineData("2026-01-31 10:00 GMT+02:00", "2026-01-31T08:00Z")]
    [InlineData("2026-01-31 10:00 +0200", "2026-01-31T08:00Z")]
    [InlineData("2026-07-31 10:00 Europe/Paris", "2026-07-31T08:00Z")]
    [InlineData("1960-01-01 10:00 CET", "1970-01-01T00:00Z")]
    [InlineData("0001-01-01 00:00 +1400", "1970-01-01T00:00Z")]
    public void A_wait_until_a_time_reads_Conductors_formats(string until, string due)
    {
        var shell = Start("""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"until":"${workflow.input.u}"}}""",
            $$"""{"u":"{{until}}"}""");
        var timer = shell.Timers.Values.Single().Due;
        (timer, timer.Offset).ShouldBe((DateTimeOffset.Parse(due, System.Globalization.CultureInfo.InvariantCulture), TimeSpan.Zero));
    }

    [Fact]
    public void A_wait_that_nobody_can_read_fails_for_good()
    {
        var shell = Start("""{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"until":"${workflow.input.u}"}}""", """{"u":"tomorrow"}""");
        (shell.State!.Status, shell.Latest("w").Status, shell.Latest("w").Reason).ShouldBe(
            (WorkflowStatus.Failed, WorkflowTaskStatus.FailedWithTerminalError, "Invalid/Unsupported Wait Until format.  Provided: tomorrow"));
    }

    [Fact]
    public void A_wait_that_is_completed_early_cancels_its_timer()
    {
        var shell =
            Start(
                """{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"duration":"1 days"}},"""
                    + """{"name":"h","taskReferenceName":"h","type":"HUMAN"}""");
        shell.Complete("w", output: """{"early":true}""");
        shell.Timers.ShouldBeEmpty();
        shell.Latest("h").Status.ShouldBe(WorkflowTaskStatus.InProgress);
    }

    [Fact]
    public void Variables_are_set_after_the_inputs_of_the_same_round_are_computed()
    {
        var shell = Start("""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[
              [{"name":"set","taskReferenceName":"set","type":"SET_VARIABLE","inputParameters":{"n":2,"m":"${workflow.input.x}"}},{"name":"work",
                  "taskReferenceName":"later","inputParameters":{"n":"${workflow.variables.n}"}}],
              [{"name":"work","taskReferenceName":"sooner","inputParameters":{"n":"${workflow.variables.n}"}}]]},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["later","sooner"]}
            """, """{"x":[1]}""");
        shell.State!.Variables.GetRawText().ShouldBe("""{"n":2,"m":[1]}""");
        shell.Latest("sooner").Input.GetRawText().ShouldBe("""{"n":1}""");
        shell.Latest("later").Input.GetRawText().ShouldBe("""{"n":2}""");
        shell.Tasks.Values.OrderBy(task => task.Seq).Select(task => task.ReferenceName).ShouldBe(["f", "set", "sooner", "j", "later"]);
    }

    [Fact]
    public void Variables_beyond_256_kilobytes_fail_the_task_for_good()
    {
        var shell = Start("""{"name":"set","taskReferenceName":"set","type":"SET_VARIABLE","inputParameters":{"x":"${workflow.input.x}"}}""",
            JsonSerializer.Serialize(new { x = new string('x', 256 * 1024) }));
        (shell.State!.Status, shell.Latest("set").Status).ShouldBe((WorkflowStatus.Failed, WorkflowTaskStatus.FailedWithTerminalError));
        shell.State.Variables.GetRawText().ShouldBe("""{"n":1}""");
    }

    [Theory]
    [InlineData("COMPLETED", WorkflowStatus.Completed, false)]
    [InlineData("FAILED", WorkflowStatus.Failed, true)]
    [InlineData("TERMINATED", WorkflowStatus.Terminated, true)]
    public void A_terminate_ends_the_workflow_with_its_own_output_and_cancels_the_rest(string status, WorkflowStatus expected, bool isFailure)
    {
        var shell = Start("""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"work","taskReferenceName":"a"}],
              [{"name":"end","taskReferenceName":"end","type":"TERMINATE","inputParameters":{"terminationStatus":"STATUS",
                  "workflowOutput":{"v":"${workflow.variables.n}"}}}]]},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","end"]}
            """.Replace("STATUS", status, StringComparison.Ordinal));
        (shell.State!.Status, shell.Output.GetRawText(), shell.State.OpenTasks).ShouldBe((expected, """{"v":1}""", 0));
        shell.State.Reason.ShouldBe($"Workflow is {status} by TERMINATE task: {shell.Latest("end").TaskId}");
        (shell.Latest("a").Status, shell.State.FailureTaskId is not null).ShouldBe((WorkflowTaskStatus.Canceled, isFailure));
    }

    [Theory]
    [InlineData("\"a\"", "a", "one")]
    [InlineData("2", "2", "two")]
    [InlineData("true", "true", "other")]
    [InlineData("null", "null", "other")]
    [InlineData("\"empty\"", "empty", "last")]
    public void A_switch_takes_the_case_of_its_value_and_the_default_when_there_is_none(string value, string selected, string next)
    {
        var shell = Start("""
            {"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"p","inputParameters":{"p":"${workflow.input.v}"},
              "decisionCases":{"a":[{"name":"work","taskReferenceName":"one"}],"2":[{"name":"work","taskReferenceName":"two"}],"empty":[]},
                  "defaultCase":[{"name":"work","taskReferenceName":"other"}]},
            {"name":"work","taskReferenceName":"last","inputParameters":{"c":"${s.output.selectedCase}"}}
            """, $$"""{"v":{{value}}}""");
        shell.Open.Single().ReferenceName.ShouldBe(next);
        shell.Latest("s").Output.GetRawText().ShouldBe($$"""{"evaluationResult":["{{selected}}"],"selectedCase":"{{selected}}"}""");
        if (next != "last") shell.Complete(next);
        shell.Latest("last").Input.GetProperty("c").GetString().ShouldBe(selected);
    }

    [Fact]
    public void A_script_that_fails_fails_the_switch_and_the_workflow()
    {
        var tasks =
            """{"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"javascript","expression":"$.p.q","inputParameters":{"p":"""
                + """null},"decisionCases":{"a":[{"name":"work","taskReferenceName":"one"}]}}""";
        var shell = Start(tasks, scripts: new Script(new(default, "TypeError: q")));
        (shell.State!.Status, shell.Latest("s").Status, shell.Latest("s").Reason).ShouldBe((WorkflowStatus.Failed, WorkflowTaskStatus.Failed, "TypeError: q"));
        Start(tasks, scripts: new Script(new(InMemoryShell.Json("\"a\""), null))).Open.Single().ReferenceName.ShouldBe("one");
    }

    [Theory]
    [InlineData("${workflow.input.v}", 2)] // of both branches at once
    [InlineData("${CPEWF_TASK_ID}", 3)] // what is planned behind the first script moves the ids that come after it, once
    public void A_decision_asks_for_the_scripts_that_it_lacks_and_is_made_when_it_has_them(string value, int evaluations)
    {
        string Branch(string name) => """
            [{"name":"NAME","taskReferenceName":"NAME","type":"SWITCH","evaluatorType":"javascript","expression":"$.v",
            "inputParameters":{"v":"VALUE"},"decisionCases":{"a":[{"name":"work","taskReferenceName":"NAME_a"}]}}]
            """.Replace("NAME", name, StringComparison.Ordinal).Replace("VALUE", value, StringComparison.Ordinal);
        var shell = Start($$"""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[{{Branch("x")}},{{Branch("y")}}]},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["x","y"]}
            """, scripts: new Script(new(InMemoryShell.Json("\"a\""), null)));
        shell.Open.Select(task => task.ReferenceName).ShouldBe(["x_a", "y_a"]);
        shell.Evaluations.ShouldBe(evaluations);
    }

    [Fact]
    public void A_join_of_a_permissive_failure_waits_for_all_and_then_fails_with_every_reason()
    {
        var shell = Start("""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"work","taskReferenceName":"a",
                "permissive":true,"retryCount":0}],[{"name":"work","taskReferenceName":"b","optional":true,"retryCount":0}],[{"name":"work",
                    "taskReferenceName":"c"}]]},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["a","b","c"]}
            """);
        shell.Complete("a", TaskResultStatus.Failed, reason: "first");
        shell.Complete("b", TaskResultStatus.Failed, reason: "second");
        shell.State!.Status.ShouldBe(WorkflowStatus.Running);
        shell.Complete("c");
        (shell.State.Status, shell.Latest("j").Status, shell.Latest("j").Reason).ShouldBe((WorkflowStatus.Failed, WorkflowTaskStatus.Failed, "first"));
    }

    [Fact]
    public void A_join_of_a_thousand_branches_loads_them_once_at_its_end()
    {
        var branches = string.Join(',', Enumerable.Range(0, 1000).Select(i => $$"""[{"name":"work","taskReferenceName":"t{{i}}"}]"""));
        var names = string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"t{i}\""));
        var shell = Start($$"""
            {"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[{{branches}}]},
            {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":[{{names}}]}
            """);
        for (var i = 0; i < 1000; i++) shell.Complete($"t{i}", output: $$"""{"i":{{i}}}""");
        shell.State!.Status.ShouldBe(WorkflowStatus.Completed);
        shell.Latest("j").Output.GetPropertyCount().ShouldBe(1000);
        shell.Loads.ShouldBe(0, "what a decision reads is foreseen");
        JsonSerializer.Serialize(shell.State, ExecutionJson.Options).Length.ShouldBeLessThan(1000);
    }

    private sealed class Script(ScriptResult result) : IScriptEvaluator
    {
        public Task<ScriptResult> EvaluateAsync(string owner, ScriptCall call) => Task.FromResult(result);
        public Task<string?> CheckAsync(string owner, string script) => Task.FromResult<string?>(null);
    }
}
