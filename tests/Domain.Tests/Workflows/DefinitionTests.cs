using System.Text.Json;
using System.Text.Json.Nodes;
using Conductor.Domain.Workflows.Definitions;

namespace Conductor.Domain.Tests.Workflows;

public sealed class DefinitionTests
{
    private static WorkflowDefinition Read(string json) => DefinitionJson.ReadWorkflow(JsonDocument.Parse(json).RootElement);

    [Fact]
    public void Secrets_are_refused_with_the_reason()
    {
        var definition = DefinitionJson.ReadWorkflow(JsonDocument.Parse(
            """{"name":"w","tasks":[{"name":"t","taskReferenceName":"t","inputParameters":{"a":{"b":"Bearer ${workflow.secrets.key}"}}}]}""").RootElement);
        DefinitionRules.Check(definition).ShouldHaveSingleItem().Message.ShouldStartWith("${workflow.secrets...} is not supported");
    }

    [Fact]
    public void Nulls_unknown_properties_and_numbers_in_text_are_taken_as_Conductor_takes_them()
    {
        var read =
            Read(
                """{"name":"n","version":"3","timeoutSeconds":null,"nonsense":{"x":1},"tasks":null,"inputParameters":null,"restartable":"false","variables":"""
                    + """null}""");
        (read.Version, read.TimeoutSeconds, read.Tasks.Count, read.InputParameters.Count, read.Restartable, read.Variables.Count).ShouldBe(
            (3, 0, 0, 0, false, 0));
        Should.Throw<JsonException>(() => Read("""{"version":"three"}"""));
        Should.Throw<JsonException>(() => Read("""{"timeoutPolicy":"NONSENSE"}"""));
    }

    [Fact]
    public void The_hash_is_that_of_the_content()
    {
        var one = Read("""{"name":"n","tasks":[{"name":"a","taskReferenceName":"a","inputParameters":{"x":1,"y":2}}],"updateTime":5}""");
        var same = Read("""{"tasks":[{"taskReferenceName":"a","inputParameters":{"y":2,"x":1},"name":"a"}],"name":"n","updateTime":6}""");
        Snapshot.Hash(one).ShouldBe(Snapshot.Hash(same));
        Snapshot.Hash(one).ShouldNotBe(Snapshot.Hash(one with { Description = "other" }));
        Snapshot.Hash(one).Length.ShouldBe(64);
    }

    [Fact]
    public void A_snapshot_embeds_the_registered_task_definitions_and_defaults()
    {
        var definition = Read(
            """{"name":"n","tasks":[{"name":"a","taskReferenceName":"a"},{"name":"w","taskReferenceName":"w","type":"WAIT"},"""
                + """{"name":"x","taskReferenceName":"x","type":"SWITCH","decisionCases":{"1":[{"name":"b","taskReferenceName":"b"}]}}]}""");
        Snapshot.TaskNames(definition).Order().ShouldBe(["a", "b", "w", "x"]);
        var snapshot = Snapshot.Embed(definition, new Dictionary<string, TaskDefinition> { ["b"] = new() { Name = "b", RetryCount = 7 } });
        snapshot.Tasks[0].TaskDefinition.ShouldBe(new() { Name = "a" });
        (snapshot.Tasks[1].TaskDefinition!.RetryCount, snapshot.Tasks[1].TaskDefinition!.ResponseTimeoutSeconds).ShouldBe((0, 0));
        snapshot.Tasks[2].DecisionCases["1"][0].TaskDefinition!.RetryCount.ShouldBe(7);
    }

    [Theory]
    [InlineData("""{"name":"n","tasks":[]}""", "tasks", "WorkflowTask list cannot be empty")]
    [InlineData("""{"tasks":[{"name":"a","taskReferenceName":"a"}]}""", "name", "WorkflowDef name cannot be null or empty")]
    [InlineData("""{"name":"n","tasks":[{"name":"a","taskReferenceName":"a"},{"name":"b","taskReferenceName":"a"}]}""", "",
        "taskReferenceName: a should be unique across tasks for a given workflowDefinition: n")]
    [InlineData("""{"name":"n","tasks":[{"name":"t","taskReferenceName":"a","inputParameters":{"v":"${nobody.output.r}"}}]}""", "",
        "taskReferenceName: nobody for given task: t input value: v of input parameter: ${nobody.output.r} is not defined in workflow definition.")]
    [InlineData("""{"name":"n","tasks":[{"name":"t","taskReferenceName":"a","type":"HTTP"}]}""", "tasks[0]",
        "Task type HTTP is not executed by this server yet, taskName: t, taskReferenceName: a")]
    [InlineData("""{"name":"n","tasks":[{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[["""
        + """{"name":"s","taskReferenceName":"s","type":"DO_WHILE"}]]},{"name":"j","taskReferenceName":"j","type":"JOIN"}]}""", "tasks[0].forkTasks[0][0]",
        "Task type DO_WHILE is not executed by this server yet, taskName: s, taskReferenceName: s")]
    [InlineData("""{"name":"n","tasks":[{"name":"s","taskReferenceName":"s","type":"SWITCH","expression":"x","decisionCases":{"a":[]}}]}""", "tasks[0]",
        "evaluatorType field is required for taskType: SWITCH taskName: s")]
    [InlineData("""{"name":"n","tasks":[{"name":"e","taskReferenceName":"e","type":"TERMINATE"}]}""", "tasks[0]",
        "terminate task must have an terminationStatus parameter and must be set to COMPLETED or FAILED, taskName: e")]
    [InlineData("""{"name":"n","tasks":[{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"duration":"1 s","until":"2026-01-01"}}]}""",
        "tasks[0]", "Both 'duration' and 'until' specified. Please provide only one input")]
    [InlineData("""{"name":"n","tasks":[{"taskReferenceName":"a"}]}""", "tasks[0].name", "WorkflowTask name cannot be empty or null")]
    public void A_definition_that_cannot_run_is_refused_with_a_reason(string json, string path, string message) =>
        DefinitionRules.Check(Read(json)).ShouldBe([new(path, message)]);

    [Theory]
    [InlineData("""{"name":"demo_bad","timeoutSeconds":10,"responseTimeoutSeconds":60}""", "",
        "TaskDef: demo_bad responseTimeoutSeconds: 60 must be less than timeoutSeconds: 10")]
    [InlineData("{}", "name", "TaskDef name cannot be null or empty")]
    public void A_task_definition_that_contradicts_itself_is_refused(string json, string path, string message) =>
        DefinitionRules.Check(DefinitionJson.ReadTask(JsonDocument.Parse(json).RootElement)).ShouldBe([new(path, message)]);

    [Fact]
    public void Definitions_are_written_as_a_real_server_answers_them()
    {
        if (SharedData.Folder is not { } data) { Assert.Skip(SharedData.Absent); return; }
        var exchanges = File.ReadLines(Path.Combine(data, "conductor-api.jsonl")).Select(line => JsonNode.Parse(line)!).ToList();
        JsonNode Find(string what, string path) =>
            exchanges.First(exchange => (string?)exchange["what"] == what && ((string)exchange["path"]!).Contains(path, StringComparison.Ordinal));

        var workflow = Find("create or update several", "/metadata/workflow")["body"]![1]!;
        Same(DefinitionJson.Write(DefinitionJson.ReadWorkflow(JsonSerializer.SerializeToElement(workflow))),
            Find("get latest", "/metadata/workflow")["response"]!);
        var task = Find("update one", "/metadata/taskdefs")["body"]!;
        Same(DefinitionJson.Write(DefinitionJson.ReadTask(JsonSerializer.SerializeToElement(task))), Find("get", "/metadata/taskdefs/demo_task")["response"]!,
            "createdBy", "updatedBy");
        var snapshot = Find("every kind of task, ended", "/workflow/")["response"]!["workflowDefinition"]!;
        Same(DefinitionJson.Write(DefinitionJson.ReadWorkflow(JsonSerializer.SerializeToElement(snapshot))), snapshot);
    }

    private static void Same(JsonElement written, JsonNode recorded, params string[] except)
    {
        var (ours, theirs) = (JsonNode.Parse(written.GetRawText())!.AsObject(), recorded.DeepClone().AsObject());
        foreach (var name in (string[])["createTime", "updateTime", .. except])
        {
            ours.Remove(name);
            theirs.Remove(name);
        }
        ours.Select(pair => pair.Key).ShouldBe(theirs.Select(pair => pair.Key));
        JsonNode.DeepEquals(ours, theirs).ShouldBeTrue($"{ours.ToJsonString()}\n{theirs.ToJsonString()}");
    }
}
