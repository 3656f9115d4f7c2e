using System.Diagnostics;
using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Tests.Workflows;

/// <summary>Values that tasks and expressions make, and that may not be made.</summary>
public sealed class ValueLimitTests
{
    private static string Task(string name, string type, string parameters, string more = "") =>
        $$"""{"name":"{{name}}","taskReferenceName":"{{name}}","type":"{{type}}","inputParameters":{{parameters}}{{more}}}""";

    private static InMemoryShell Start(string input, params string[] tasks) =>
        new InMemoryShell(InMemoryShell.Compile($$"""{"name":"limits","tasks":[{{string.Join(',', tasks)}}]}""")).Start(input);

    private static string Nested(int depth) => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth);

    [Fact]
    public void Values_that_double_from_task_to_task_fail_the_task_that_would_be_too_large()
    {
        var tasks = Enumerable.Range(0, 30).Select(i => Task($"n{i}", "NOOP", i == 0
            ? """{"x":"${workflow.input.x}"}""" : $$$"""{"x":"${n{{{i - 1}}}.input.x}${n{{{i - 1}}}.input.x}"}"""));
        var watch = Stopwatch.StartNew();
        var shell = Start("""{"x":"0123456789abcdef"}""", [.. tasks]);
        shell.State!.Status.ShouldBe(WorkflowStatus.Failed);
        var failed = shell.Tasks.Values.Single(task => !task.Status.IsSuccessful());
        (failed.ReferenceName, failed.Status).ShouldBe(("n20", WorkflowTaskStatus.FailedWithTerminalError));
        failed.Reason.ShouldBe("The value would be larger than 10 MB");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_one_decision_copies_is_bounded()
    {
        var tasks = Enumerable.Range(0, 20).Select(i => Task($"n{i}", "NOOP", """{"x":"${workflow.input.x}"}"""));
        var shell = Start($$"""{"x":"{{new string('x', 9_000_000)}}"}""", [.. tasks]);
        shell.State!.Status.ShouldBe(WorkflowStatus.Failed);
        shell.Latest("n7").Reason.ShouldBe("The tasks that begin at once would be larger than 64 MB");
    }

    [Theory]
    [InlineData(998, WorkflowTaskStatus.Scheduled)]
    [InlineData(999, WorkflowTaskStatus.FailedWithTerminalError)]
    public void A_value_that_a_task_nests_too_deep_fails_it_with_the_reason(int depth, WorkflowTaskStatus status)
    {
        var task = Task("w", "SIMPLE", """{"x":{"y":"${workflow.input}"}}""");
        var shell = new InMemoryShell(InMemoryShell.Compile($$"""{"name":"limits","tasks":[{{task}}]}"""));
        var input = JsonElement.Parse(Nested(depth), JsonLimits.Document);
        shell.Send((now, seed) => new StartExecution { Now = now, Seed = seed, WorkflowId = shell.WorkflowId, Input = input })
            .ShouldBeOfType<Decision.Made>();
        (shell.Latest("w").Status, shell.Latest("w").Reason).ShouldBe(
            (status, status == WorkflowTaskStatus.Scheduled ? null : "The value would be nested more than 1000 levels deep"));
        shell.State!.Status.ShouldBe(status == WorkflowTaskStatus.Scheduled ? WorkflowStatus.Running : WorkflowStatus.Failed);
    }

    [Fact]
    public void A_task_that_may_fail_does_so_and_its_neighbours_go_on()
    {
        var large = Task("large", "SIMPLE", """{"x":"${workflow.input.x}${workflow.input.x}"}""", ""","optional":true""");
        var fork = Task("f", "FORK_JOIN", "{}", $$""","forkTasks":[[{{large}}],[{{Task("beside", "SIMPLE", "{}")}}]]""");
        var shell = Start($$"""{"x":"{{new string('x', 6_000_000)}}"}""", fork, Task("j", "JOIN", "{}", ""","joinOn":["large","beside"]"""));
        shell.Latest("large").Status.ShouldBe(WorkflowTaskStatus.CompletedWithErrors);
        shell.Complete("beside");
        shell.State!.Status.ShouldBe(WorkflowStatus.Completed);
    }

    [Fact]
    public void A_join_of_outputs_that_are_too_large_together_fails_with_the_reason()
    {
        var fork = Task("f", "FORK_JOIN", "{}", $$""","forkTasks":[[{{Task("a", "SIMPLE", "{}")}}],[{{Task("b", "SIMPLE", "{}")}}]]""");
        var shell = Start("{}", fork, Task("j", "JOIN", "{}", ""","joinOn":["a","b"]"""));
        foreach (var name in new[] { "a", "b" }) shell.Complete(name, output: $$"""{"x":"{{new string('x', 6_000_000)}}"}""");
        (shell.Latest("j").Status, shell.Latest("j").Reason).ShouldBe((WorkflowTaskStatus.FailedWithTerminalError, "The value would be larger than 10 MB"));
        shell.State!.Status.ShouldBe(WorkflowStatus.Failed);
    }

    [Fact]
    public void An_output_of_the_workflow_that_may_not_be_made_fails_the_execution_with_the_reason()
    {
        var shell = new InMemoryShell(InMemoryShell.Compile(
            $$$"""{"name":"limits","tasks":[{{{Task("n", "NOOP", "{}")}}}],"outputParameters":{"x":"${workflow.input.x}${workflow.input.x}"}}"""));
        shell.Start($$"""{"x":"{{new string('x', 6_000_000)}}"}""");
        (shell.State!.Status, shell.State.Reason).ShouldBe(
            (WorkflowStatus.Failed, "The output of the workflow cannot be made: The value would be larger than 10 MB"));
    }

    [Fact]
    public void A_reason_that_a_workflow_makes_is_cut_to_what_can_be_stored()
    {
        var shell = Start($$"""{"x":"a\u0000{{new string('x', 20_000)}}"}""",
            Task("t", "TERMINATE", """{"terminationStatus":"FAILED","terminationReason":"${workflow.input.x}"}"""));
        shell.State!.Status.ShouldBe(WorkflowStatus.Failed);
        shell.State.Reason.ShouldBe("a\uFFFD" + new string('x', TextLimits.Reason - 2));
    }

    [Fact]
    public void Expressions_that_nest_too_deep_or_are_too_long_are_refused_at_registration_at_once()
    {
        static IReadOnlyList<DefinitionError> Check(string text) => DefinitionRules.Check(DefinitionJson.ReadWorkflow(JsonElement.Parse(
            $$"""{"name":"limits","tasks":[{{Task("n", "NOOP", $$"""{"x":"{{text}}"}""")}}]}""")));
        static string Nest(int depth) => string.Concat(Enumerable.Repeat("${workflow.input.", depth)) + "x" + new string('}', depth);
        var watch = Stopwatch.StartNew();
        Check(Nest(20)).ShouldBeEmpty();
        Check(Nest(21)).ShouldBe([new("tasks[n].inputParameters.x", "tasks[n].inputParameters.x has expressions that are nested more than 20 levels deep")]);
        Check(Nest(20_000)).ShouldNotBeEmpty();
        Check("${workflow.input." + new string('x', 20_000) + "}").Single().Message.ShouldEndWith("has an expression of more than 10000 characters");
        Check(string.Concat(Enumerable.Repeat("${", 500_000))).ShouldBeEmpty();
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }
}
