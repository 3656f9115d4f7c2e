using System.Text.Json.Nodes;
using Conductor.Domain.Workflows.Definitions;

namespace Conductor.Fuzzing;

/// <summary>The services of the platform.</summary>
public static class FuzzTargets
{
    private const string Sequence = """
        {"name":"fuzz_a","version":1,"schemaVersion":2,"ownerEmail":"f@example.com","timeoutSeconds":0,"inputParameters":["v"],
         "tasks":[{"name":"fuzz_t","taskReferenceName":"one","type":"SIMPLE","inputParameters":{"v":"${workflow.input.v}"}},
                  {"name":"s","taskReferenceName":"s","type":"SWITCH","evaluatorType":"value-param","expression":"c","inputParameters":{"c":"${one.output.v}"},
                   "decisionCases":{"a":[{"name":"w","taskReferenceName":"w","type":"WAIT","inputParameters":{"duration":"1 s"}}]},
                   "defaultCase":[{"name":"n","taskReferenceName":"n","type":"NOOP"}]}],
         "outputParameters":{"o":"${one.output.v}"}}
        """;

    private const string System = """
        {"name":"fuzz_b","tasks":[{"name":"f","taskReferenceName":"f","type":"FORK_JOIN","forkTasks":[[{"name":"fuzz_t","taskReferenceName":"x"}],
          [{"name":"v","taskReferenceName":"v","type":"SET_VARIABLE","inputParameters":{"k":"${workflow.input.v}"}}]]},
          {"name":"j","taskReferenceName":"j","type":"JOIN","joinOn":["x","v"]},
          {"name":"u","taskReferenceName":"u","type":"WAIT","inputParameters":{"until":"2020-01-01 10:00 CET"}},
          {"name":"h","taskReferenceName":"h","type":"HUMAN"},
          {"name":"e","taskReferenceName":"e","type":"TERMINATE","inputParameters":{"terminationStatus":"FAILED","terminationReason":"${workflow.input.v}"}}]}
        """;

    private const string Task = """
        {"name":"fuzz_t","retryCount":1,"retryDelaySeconds":0,"timeoutSeconds":20,"responseTimeoutSeconds":5,"timeoutPolicy":"RETRY","retryLogic":"FIXED"}
        """;

    private const string Report = """
        {"workflowInstanceId":"@id","taskId":"@task","status":"COMPLETED","outputData":{"v":"a"},"reasonForIncompletion":"r","callbackAfterSeconds":0,
         "workerId":"w","logs":[{"log":"l","createdTime":1}],"extendLease":false}
        """;

    /// <summary>Conductor's API.</summary>
    public static FuzzTarget Workflows { get; } = new()
    {
        Name = "workflows",
        Names = ["fuzz_a", "fuzz_b", "fuzz_t", "one", "x", "w", "u", "h", "nobody"],
        Fields = [.. FieldsOf(typeof(WorkflowDefinition)), .. FieldsOf(typeof(WorkflowTask)), .. FieldsOf(typeof(TaskDefinition)),
            "workflowTaskType", "correlationId", "input", "taskToDomain", "workflowDef", "priority", "createdBy", "idempotencyKey", "idempotencyStrategy",
            "externalInputPayloadStoragePath", "workflowInstanceId", "taskId", "status", "outputData", "reasonForIncompletion", "callbackAfterSeconds",
            "workerId", "logs", "extendLease", "taskInput", "taskOutput", "subWorkflowId"],
        Bodies = new Dictionary<string, string[]>
        {
            ["/api/metadata/workflow"] = [Sequence, System, $"[{Sequence}]", $"[{Sequence},{System}]"],
            ["/api/metadata/taskdefs"] = [Task, $"[{Task}]", Every(typeof(TaskDefinition))],
            ["/api/workflow"] = ["""{"name":"fuzz_a","version":1,"correlationId":"c","priority":1,"input":{"v":1},"taskToDomain":{"fuzz_t":"d"}}""",
                "{\"name\":\"fuzz_i\",\"input\":{\"v\":1},\"workflowDef\":" + Sequence + "}"],
            ["/api/workflow/bulk"] = ["""["@id","@id","no-id"]"""],
            ["/api/workflow/{name}"] = ["""{"v":"a"}""", """["c","d"]"""],
            ["/api/tasks"] = [Report],
            ["/api/tasks/{"] = ["""{"v":"a"}""", "\"a line\""],
        },
    };

    /// <summary>Pipelines. What is mutated reads and writes topics only.</summary>
    public static FuzzTarget Pipelines { get; } = new()
    {
        Name = "pipelines",
        ContentType = "application/yaml",
        Names = ["fuzz", "fuzz2", "fuzz-in", "rabbitmq", "nobody"],
        Bodies = new Dictionary<string, string[]>
        {
            [""] = [Pipeline("fuzz"), Pipeline("fuzz2"), "name: fuzz\ncomponents:\n  buffer:\n    type: stream-buffer\n    topics:\n      fuzz-t: {}"],
        },
    };

    /// <summary>The console, whose pages its document does not list.</summary>
    /// <param name="formToken">The antiforgery token of a session.</param>
    public static FuzzTarget Console(string? formToken) => new()
    {
        Name = formToken is null ? "console, nobody logged in" : "console",
        ContentType = "application/x-www-form-urlencoded",
        Names = ["fuzz_a", "fuzz", "nobody", "1", "rabbitmq", "alerts"],
        Bodies = new Dictionary<string, string[]> { [""] = ["token", "reason", "latest", "input", "v", "correlationId"] },
        More =
        [
            .. new[]
            {
                "/", "/workflows", "/workflows/{id}", "/workflows/start", "/definitions", "/definitions/{name}", "/pipelines", "/pipelines/{name}",
                "/topics", "/topics/{broker}/{name}", "/topics/{broker}/{name}/records/{partition}/{offset}", "/health", "/alive", "/assets/{name}",
                "/{name}", "/not-found", "/failed",
            }.Select(path => new Operation(
                "GET", path, ["status", "name", "correlationId", "text", "since", "from", "to", "offset", "size", "version", "letters", "task", "state",
                    "broker", "partition", "time", "before"])),
            new("POST", "/workflows/{id}/pause", []), new("POST", "/workflows/{id}/terminate", []), new("POST", "/workflows/start", []),
            new("POST", "/pipelines/{name}/{verb}", []), new("POST", "/login", []),
        ],
        // The session would be gone.
        LeaveOut = formToken is null ? [] : ["/logout"],
        FormToken = formToken,
    };

    private static string Pipeline(string name) => $"""
        name: {name}
        components:
          buffer:
            type: stream-buffer
            topics:
              {name}-in:
                partitions: 2
                retention: 1d
                maxBytes: 100MB
          copy:
            type: processing-node
            instances: 1
            checkpoint:
              every: 1s
              records: 100
            source:
              topic: {name}-in
              group: {name}
              start: earliest
            sinks:
              out:
                topic: {name}-out
        """;

    private static IEnumerable<string> FieldsOf(Type type) => DefinitionJson.Options.GetTypeInfo(type).Properties.Select(p => p.Name);

    // Every field of the model, so that every one is mutated.
    private static string Every(Type type) => "[" + new JsonObject(FieldsOf(type).Select(name =>
        KeyValuePair.Create<string, JsonNode?>(name, name == "name" ? "fuzz_t" : null))).ToJsonString() + "]";
}
