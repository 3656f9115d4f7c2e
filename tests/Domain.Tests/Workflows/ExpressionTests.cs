using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Expressions;

namespace Conductor.Domain.Tests.Workflows;

/// <summary>What expressions come to, seen in the input of a task; the expected values are Conductor's (recorded, or from its source).</summary>
public sealed class ExpressionTests
{
    private const string Input = """
        {"v":7,"name":"Ada","none":null,"flag":true,"double":2.50,"small":0.0001,"large":12345678.0,"big":123456789012345678901234567890,
         "list":[1,"two",{"a":3}],"map":{"a":"b","n":{"x":[1,2]}},"key":"name","my-key":"dash",
         "tiny":1e-6,"huge":1e23,"sum":0.30000000000000004}
        """;

    [Theory]
    [InlineData("${workflow.input.v}", "7")]
    [InlineData("${workflow.input.double}", "2.50")]
    [InlineData("${workflow.input.big}", "123456789012345678901234567890")]
    [InlineData("${workflow.input.name}", "\"Ada\"")]
    [InlineData("${workflow.input.none}", "null")]
    [InlineData("${workflow.input.absent}", "null")]
    [InlineData("${workflow.input.absent.deeper}", "null")]
    [InlineData("${workflow.input.map}", """{"a":"b","n":{"x":[1,2]}}""")]
    [InlineData("${workflow.input.map.n.x[1]}", "2")]
    [InlineData("${workflow.input.map['n'].x[-1]}", "2")]
    [InlineData("${workflow.input.list[2].a}", "3")]
    [InlineData("${workflow.input.list[9]}", "null")]
    [InlineData("${workflow.input.my-key}", "\"dash\"")]
    [InlineData("${workflow.variables.n}", "1")]
    [InlineData("${workflow.workflowType}", "\"expressions\"")]
    [InlineData("${workflow.version}", "1")]
    [InlineData("${workflow.status}", "\"RUNNING\"")]
    [InlineData("${workflow.correlationId}", "null")]
    [InlineData("${first.output.r.s}", "\"deep\"")]
    [InlineData("${first.input.given}", "7")]
    [InlineData("${first.status}", "\"COMPLETED\"")]
    [InlineData("${first.taskDefName}", "\"work\"")]
    [InlineData("${first.referenceTaskName}", "\"first\"")]
    [InlineData("${first.retryCount}", "0")]
    [InlineData("${second.output.x}", "null")]
    public void A_whole_expression_keeps_the_type(string expression, string expected) => Resolve(expression).GetRawText().ShouldBe(expected);

    [Theory]
    [InlineData("v is ${workflow.input.v}", "v is 7")]
    [InlineData("${workflow.input.name} ${workflow.input.flag}!", "Ada true!")]
    [InlineData("[${workflow.input.none}] [${workflow.input.absent}]", "[null] [null]")]
    [InlineData("m=${workflow.input.map}", "m={a=b, n={x=[1, 2]}}")]
    [InlineData("l=${workflow.input.list}", "l=[1, two, {a=3}]")]
    [InlineData("d=${workflow.input.double}", "d=2.5")]
    [InlineData("s=${workflow.input.small}", "s=1.0E-4")]
    [InlineData("g=${workflow.input.large}", "g=1.2345678E7")]
    [InlineData("${workflow.input.tiny} ${workflow.input.huge} ${workflow.input.sum}", "1.0E-6 1.0E23 0.30000000000000004")]
    [InlineData("${workflow.input.${workflow.input.key}}", "Ada")]
    [InlineData("x ${workflow.input.${workflow.input.key}} y", "x Ada y")]
    [InlineData("$${workflow.input.v}", "${workflow.input.v}")]
    [InlineData("a $${b} ${workflow.input.v}", "a ${b} 7")]
    [InlineData("${}", "")]
    [InlineData("a${}b", "ab")]
    [InlineData("${unclosed", "${unclosed")]
    [InlineData("plain $ text }", "plain $ text }")]
    [InlineData("", "")]
    public void An_expression_within_text_becomes_text_as_in_Java(string expression, string expected) => Resolve(expression).GetString().ShouldBe(expected);

    [Fact]
    public void Maps_and_lists_are_walked_and_other_values_stay()
    {
        var graph = Graph("""{"a":["${workflow.input.v}",1.50,{"b":"x${workflow.input.v}"}],"c":null,"d":{"e":true}}""", literal: true);
        Run(graph).Latest("second").Input.GetProperty("p").GetRawText().ShouldBe("""{"a":[7,1.50,{"b":"x7"}],"c":null,"d":{"e":true}}""");
    }

    [Fact]
    public void The_id_of_the_task_is_new_for_each_attempt()
    {
        var shell = Run(Graph("${CPEWF_TASK_ID}"));
        var first = shell.Latest("second");
        first.Input.GetProperty("p").GetString().ShouldBe(first.TaskId.ToString());
        shell.Complete("second", TaskResultStatus.Failed);
        var second = shell.Latest("second");
        second.Attempt.ShouldBe(1);
        second.Input.GetProperty("p").GetString().ShouldBe(second.TaskId.ToString());
    }

    [Theory]
    [InlineData("${first.output.list[?(@.n > 1)].n}", "first", "output", "$.list[?(@.n > 1)].n")]
    [InlineData("${first.output..n}", "first", "output", "$..n")]
    [InlineData("${first.output.list[*]}", "first", "output", "$.list[*]")]
    [InlineData("${first.output.list.length()}", "first", "output", "$.list.length()")]
    public void What_is_more_than_a_plain_path_goes_to_the_port(string expression, string source, string field, string path)
    {
        var paths = new RecordingPaths();
        var shell = new InMemoryShell(Graph(expression), paths: paths).Start(Input);
        shell.Complete("first", output: """{"list":[{"n":1},{"n":2}]}""");
        (source, field).ShouldBe(("first", "output"));
        paths.Asked.ShouldBe([path]);
        shell.Latest("second").Input.GetProperty("p").GetRawText().ShouldBe("\"found\"");
    }

    [Fact]
    public void Templates_of_a_task_definition_fill_absent_keys_and_nulls()
    {
        var graph = InMemoryShell.Compile("""
            {"name":"templates","tasks":[{"name":"work","taskReferenceName":"t","inputParameters":{"own":"${workflow.input.v}","null":"${workflow.input.none}"},
              "taskDefinition":{"name":"work","inputTemplate":{"own":"no","null":"${raw}","added":"<${workflow.input.v}>"}}}]}
            """);
        new InMemoryShell(graph).Start(Input).Latest("t").Input.GetRawText().ShouldBe("""{"own":7,"null":"${raw}","added":"<7>"}""");
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1,"b":"B"}""")]
    [InlineData("""{"b":null,"c":2}""", """{"c":2,"a":"A","b":"B"}""")]
    [InlineData("{}", "{}")]
    public void The_template_of_a_workflow_fills_its_input_unless_that_is_empty(string given, string expected)
    {
        var graph = InMemoryShell.Compile("""{"name":"templates","inputTemplate":{"a":"A","b":"B"},"tasks":[{"name":"work","taskReferenceName":"t"}]}""");
        var input = new InMemoryShell(graph).Start(given).Input;
        input.EnumerateObject().OrderBy(p => p.Name).Select(p => p.ToString()).ShouldBe(
            InMemoryShell.Json(expected).EnumerateObject().OrderBy(p => p.Name).Select(p => p.ToString()));
    }

    private static JsonElement Resolve(string expression) => Run(Graph(expression)).Latest("second").Input.GetProperty("p");

    private static InMemoryShell Run(Conductor.Domain.Workflows.Graphs.WorkflowGraph graph)
    {
        var shell = new InMemoryShell(graph).Start(Input);
        shell.Complete("first", output: """{"r":{"s":"deep"}}""");
        return shell;
    }

    private static Conductor.Domain.Workflows.Graphs.WorkflowGraph Graph(string expression, bool literal = false) => InMemoryShell.Compile($$$"""
        {"name":"expressions","variables":{"n":1},"tasks":[
          {"name":"work","taskReferenceName":"first","inputParameters":{"given":"${workflow.input.v}"}},
          {"name":"work","taskReferenceName":"second","inputParameters":{"p":{{{(literal ? expression : JsonSerializer.Serialize(expression))}}}}}]}
        """.Replace("a${}b", "a${}b", StringComparison.Ordinal));

    private sealed class RecordingPaths : IPathQuery
    {
        public List<string> Asked { get; } = [];

        public JsonElement? Select(JsonElement root, string path, PathWork work)
        {
            root.TryGetProperty("list", out _).ShouldBeTrue();
            Asked.Add(path);
            return InMemoryShell.Json("\"found\"");
        }
    }
}
