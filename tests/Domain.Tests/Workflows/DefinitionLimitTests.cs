using System.Text;
using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Graphs;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Domain.Tests.Workflows;

public sealed class DefinitionLimitTests
{
    private static readonly string LongName = new('n', TextLimits.Name + 1);

    [Theory]
    [InlineData("""{"timeoutSeconds":9007199254740991}""", "timeoutSeconds", "timeoutSeconds: 9007199254740991 must be <= 3153600000")]
    [InlineData("""{"version":-1}""", "version", "version: -1 must be >= 0")]
    [InlineData("""{"retentionDays":-1}""", "retentionDays", "retentionDays: -1 must be >= 0")]
    [InlineData("""{"retentionDays":36501}""", "retentionDays", "retentionDays: 36501 must be <= 36500")]
    [InlineData("""{"name":"a/b"}""", "name", "name: a/b must not hold '/' and must not be '.' or '..'")]
    [InlineData("""{"name":".."}""", "name", "name: .. must not hold '/' and must not be '.' or '..'")]
    [InlineData("""{"description":"a\u0000"}""", "description", "description must not hold the character NUL")]
    [InlineData("""{"tasks":[{"name":"t","taskReferenceName":"t","startDelay":-5}]}""", "tasks[0].startDelay", "startDelay: -5 must be >= 0")]
    [InlineData("""{"tasks":[{"name":"t","taskReferenceName":"a/b"}]}""", "tasks[0].taskReferenceName",
        "taskReferenceName: a/b must not hold '/' and must not be '.' or '..'")]
    [InlineData("""{"tasks":[{"name":"t","taskReferenceName":"t","taskDefinition":{"name":"t","timeoutSeconds":-1}}]}""",
        "tasks[0].taskDefinition.timeoutSeconds", "timeoutSeconds: -1 must be >= 0")]
    public void A_field_out_of_its_limits_is_refused_with_field_and_limit(string fields, string path, string message)
    {
        using var sound = JsonDocument.Parse("""{"name":"n","tasks":[{"name":"t","taskReferenceName":"t"}]}""");
        using var changed = JsonDocument.Parse(fields);
        var definition = sound.RootElement.EnumerateObject().Concat(changed.RootElement.EnumerateObject()).GroupBy(p => p.Name)
            .ToDictionary(g => g.Key, g => g.Last().Value);
        var error = DefinitionRules.Check(DefinitionJson.ReadWorkflow(JsonSerializer.SerializeToElement(definition))).ShouldHaveSingleItem();
        (error.Path, error.Message).ShouldBe((path, message));
    }

    [Theory]
    [InlineData("timeoutSeconds", "9223372036854775807")]
    [InlineData("responseTimeoutSeconds", "9007199254740991")]
    [InlineData("responseTimeoutSeconds", "0")]
    [InlineData("responseTimeoutSeconds", "-1")]
    [InlineData("totalTimeoutSeconds", "1000000000000000")]
    [InlineData("retryCount", "-1")]
    [InlineData("retryDelaySeconds", "-1")]
    [InlineData("pollTimeoutSeconds", "-1")]
    [InlineData("concurrentExecLimit", "-1")]
    [InlineData("rateLimitFrequencyInSeconds", "-1")]
    [InlineData("backoffJitterMs", "-1")]
    public void A_number_of_a_task_definition_out_of_its_range_is_refused(string field, string value) =>
        DefinitionRules.Check(DefinitionJson.ReadTask(JsonElement.Parse($$"""{"name":"t","{{field}}":{{value}}}"""))).Select(e => e.Path)
            .ShouldContain(field);

    [Fact]
    public void Names_that_no_index_holds_are_refused()
    {
        DefinitionRules.Check(new TaskDefinition { Name = LongName }).ShouldHaveSingleItem().Message.ShouldBe(
            "name is 256 characters long; at most 255 are allowed");
        var definition = new WorkflowDefinition { Name = LongName, Tasks = [new() { Name = LongName, TaskReferenceName = LongName, Type = LongName }] };
        DefinitionRules.Check(definition).Select(e => e.Path).ShouldBe(["name", "tasks[0].name", "tasks[0].taskReferenceName", "tasks[0].type"]);
    }

    [Theory]
    [InlineData("""{"tasks":[null]}""", "$.tasks")]
    [InlineData("""{"tasks":[{"decisionCases":{"a":null}}]}""", "$.tasks")]
    [InlineData("""{"tasks":[{"decisionCases":{"a":[null]}}]}""", "$.tasks")]
    [InlineData("""{"tasks":[{"forkTasks":[null]}]}""", "$.tasks")]
    [InlineData("""{"tasks":[{"forkTasks":[[null]]}]}""", "$.tasks")]
    [InlineData("""{"tasks":[{"joinOn":[null]}]}""", "$.tasks")]
    [InlineData("""{"maskedFields":[null]}""", "$.maskedFields")]
    public void Nulls_in_lists_are_refused_with_their_place(string json, string path) =>
        Should.Throw<JsonException>(() => DefinitionJson.ReadWorkflow(JsonElement.Parse(json))).Path.ShouldNotBeNull().ShouldStartWith(path);

    [Theory]
    [InlineData("""{"name":5,"description":true,"timeoutSeconds":"7","restartable":"FALSE"}""")]
    public void Scalars_are_converted_as_Jackson_converts_them(string json)
    {
        var read = DefinitionJson.ReadWorkflow(JsonElement.Parse(json));
        (read.Name, read.Description, read.TimeoutSeconds, read.Restartable).ShouldBe(("5", "true", 7, false));
        Should.Throw<JsonException>(() => DefinitionJson.ReadWorkflow(JsonElement.Parse("""{"version":1e99}""")));
        Should.Throw<JsonException>(() => DefinitionJson.ReadWorkflow(JsonElement.Parse("""{"timeoutSeconds":1e99}""")));
        Should.Throw<JsonException>(() => DefinitionJson.ReadWorkflow(JsonElement.Parse("""{"timeoutPolicy":7}""")));
        Should.Throw<JsonException>(() => DefinitionJson.ReadWorkflow(JsonElement.Parse("""{"name":{}}""")));
    }

    [Fact]
    public void The_older_name_of_a_tasks_type_counts_where_the_newer_one_is_absent()
    {
        static string Type(string fields) =>
            DefinitionJson.ReadWorkflow(JsonElement.Parse($$"""{"tasks":[{"name":"w",{{fields}}}]}""")).Tasks[0].Type;
        Type("""
            "workflowTaskType":"WAIT"
            """).ShouldBe("WAIT");
        Type("""
            "workflowTaskType":"WAIT","type":"HUMAN"
            """).ShouldBe("HUMAN");
        Type("""
            "type":"HUMAN","workflowTaskType":"WAIT"
            """).ShouldBe("HUMAN");
        DefinitionJson.Write(new WorkflowTask { Type = "WAIT" }).TryGetProperty("workflowTaskType", out _).ShouldBeFalse();
    }

    [Fact]
    public void A_hundred_nested_switches_are_read_checked_compiled_and_hashed()
    {
        var json = new StringBuilder();
        const int depth = 100;
        for (var i = 0; i < depth; i++)
            json.Append($$"""{"name":"s","taskReferenceName":"s{{i}}","type":"SWITCH","evaluatorType":"value-param","expression":"v","decisionCases":{"a":[""");
        json.Append("""{"name":"t","taskReferenceName":"t"}""").Insert(0, """{"name":"n","tasks":[""");
        for (var i = 0; i < depth; i++) json.Append("]}}");
        json.Append("]}");
        var definition = DefinitionJson.ReadWorkflow(RequestJson.Read(Encoding.UTF8.GetBytes(json.ToString())));
        DefinitionRules.Check(definition).ShouldBeEmpty();
        var snapshot = Snapshot.Embed(definition, new Dictionary<string, TaskDefinition>());
        var graph = WorkflowGraph.Compile(snapshot, Snapshot.Hash(snapshot));
        graph.Find("t").ShouldNotBeNull();
        Snapshot.Hash(DefinitionJson.ReadWorkflow(JsonLimits.Parse(DefinitionJson.Write(snapshot).GetRawText()))).ShouldBe(graph.Hash);
    }

    [Fact]
    public void Nine_hundred_levels_of_parameters_are_read_and_written()
    {
        var deep = string.Concat(Enumerable.Repeat("""{"a":""", 890)) + "1" + new string('}', 890);
        var definition = DefinitionJson.ReadWorkflow(RequestJson.Read(Encoding.UTF8.GetBytes(
            $$$"""{"name":"n","tasks":[{"name":"t","taskReferenceName":"t","inputParameters":{"d":{{{deep}}}}}]}""")));
        DefinitionRules.Check(definition).ShouldBeEmpty();
        WorkflowGraph.Compile(definition, Snapshot.Hash(definition)).Find("t").ShouldNotBeNull();
    }

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2026-01-31 10:00 XYZ")]
    [InlineData("2026-01-31 10:00 +1500")]
    [InlineData("2026-01-31 10:00 ../../../dev/zero")]
    [InlineData("9999-12-31 23:59 -1400")]
    [InlineData("2026-02-30")]
    public void A_wait_until_what_is_no_time_is_refused(string until) => DefinitionRules.Check(DefinitionJson.ReadWorkflow(JsonElement.Parse(
        $$$"""{"name":"n","tasks":[{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"until":"{{{until}}}"}}]}""")))
        .ShouldBe([new("tasks[0]", $"Unable to parse date {until}")]);
}
