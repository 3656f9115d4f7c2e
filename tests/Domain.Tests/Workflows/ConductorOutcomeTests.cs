using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Graphs;

namespace Conductor.Domain.Tests.Workflows;

/// <summary>Runs Conductor's own integration-test definitions and compares with what a real server made of them.</summary>
public sealed partial class ConductorOutcomeTests
{
    private static readonly HashSet<string> NotCompared =
        ["subWorkflowId", "workflowInstanceId", "taskId", "failureTaskId", "workerId", "conductor.failure_workflow", "failedWorkflow",
        "event_produced", "taskToDomain", "forkedTaskDefs", "subWorkflowDefinition", "workflowDefinition"];

    [Fact]
    public void Every_outcome_that_Conductor_recorded_is_reached_for_definitions_that_are_executed_here()
    {
        var data = SharedData.Folder ?? throw SkipWithoutData();
        var expected = JsonNode.Parse(File.ReadAllText(Path.Combine(data, "workflows-expected.json")))!.AsObject();
        var (alike, different, notRun) = (0, new List<string>(), 0);
        foreach (var file in Directory.GetFiles(Path.Combine(data, "workflows"), "*.json").Order(StringComparer.Ordinal))
        {
            var definition = DefinitionJson.ReadWorkflow(JsonDocument.Parse(File.ReadAllText(file)).RootElement);
            var errors = DefinitionRules.Check(definition);
            errors.ShouldAllBe(error => error.Message.Contains("is not executed by this server yet", StringComparison.Ordinal));
            foreach (var scenario in ConductorScenarios.Of(definition, File.ReadAllText(file)))
            {
                var key = $"{definition.Name} v{definition.Version} · {scenario.Label}";
                if (expected[key] is not { } outcome) continue;
                if (errors.Count > 0) { notRun++; continue; }
                var got = Run(definition, scenario);
                if (JsonNode.DeepEquals(Sorted(outcome), Sorted(got))) alike++;
                else different.Add($"{key}\n  expected {Sorted(outcome)!.ToJsonString()}\n  got      {Sorted(got)!.ToJsonString()}");
            }
        }
        TestContext.Current.SendDiagnosticMessage(
            $"{alike} of {expected.Count} outcomes alike, {different.Count} different, {notRun} of definitions with task types that are not executed yet");
        different.ShouldBeEmpty();
        alike.ShouldBeGreaterThanOrEqualTo(94);
    }

    private static Exception SkipWithoutData()
    {
        Assert.Skip(SharedData.Absent);
        return new InvalidOperationException();
    }

    private static JsonObject Run(WorkflowDefinition definition, Scenario scenario)
    {
        var registered = Snapshot.TaskNames(definition).ToDictionary(name => name, name => new TaskDefinition
        {
            Name = name, RetryCount = 1, RetryDelaySeconds = 0, TimeoutSeconds = 3600, ResponseTimeoutSeconds = 3000,
        });
        foreach (var task in Snapshot.Walk(definition.Tasks)) if (task.Type != "SIMPLE") registered.Remove(task.Name!);
        var shell = new InMemoryShell(WorkflowGraph.Compile(Snapshot.Embed(definition, registered))).Start(scenario.Input.ToJsonString());
        var verbs = new Queue<string>(scenario.Verbs);
        var retried = false;
        if (verbs.Contains("pause"))
        {
            verbs.Clear();
            shell.Send((now, seed) => new PauseExecution { Now = now, Seed = seed });
            shell.Send((now, seed) => new ResumeExecution { Now = now, Seed = seed });
        }
        while (true)
        {
            shell.Now = shell.Now.AddSeconds(1);
            if (shell.State!.Status.IsTerminal())
            {
                if (!verbs.TryDequeue(out var verb)) break;
                retried = true;
                var decision = shell.Send(
                    (now, seed) => verb == "retry" ? new RetryExecution { Now = now, Seed = seed } : new RestartExecution { Now = now, Seed = seed });
                if (decision is Decision.Rejected rejected)
                    return new() { ["status"] = $"{verb} refused: {(rejected.Code == RejectionCode.Conflict ? 409 : 404)}" };
                continue;
            }
            var waiting = shell.Open.FirstOrDefault(
                task => ConductorScenarios.IsWorkers(task.TaskType) || (task.TaskType is "WAIT" or "HUMAN" && task.WaitUntil is null));
            if (waiting is null) break;
            if (waiting.Status == WorkflowTaskStatus.Scheduled) shell.Poll(waiting.ReferenceName);
            shell.Complete(
                waiting.ReferenceName, Outcome(waiting, scenario.Policy, retried), ConductorScenarios.Answer(waiting.ReferenceName), "asked to fail");
        }
        return new() { ["end"] = new JsonArray(Shown(shell)) };
    }

    private static TaskResultStatus Outcome(TaskRecord task, string policy, bool retried)
    {
        var (kind, target) = policy.Split(':') is [var first, var second] ? (first, second) : (policy, "");
        return kind switch
        {
            "fail-first" when task.Attempt == 0 => TaskResultStatus.Failed,
            "fail" when task.NodeReference == target => TaskResultStatus.Failed,
            "terminal" when task.NodeReference == target => TaskResultStatus.FailedWithTerminalError,
            "fail-until-retry" when task.NodeReference == target && !retried => TaskResultStatus.Failed,
            _ => TaskResultStatus.Completed,
        };
    }

    private static JsonObject Shown(InMemoryShell shell) => new()
    {
        ["status"] = shell.State!.Status.Name(),
        ["output"] = shell.Output.ValueKind == JsonValueKind.Undefined ? new JsonObject() : Scrub(shell.Output),
        ["variables"] = Scrub(shell.State.Variables),
        ["tasks"] = new JsonArray(
            [.. JoinView.WithOutputsSoFar([.. shell.Tasks.Values])
                .OrderBy(task => JsonSerializer.Serialize(new object[] { task.ReferenceName, task.Iteration, task.Attempt }), StringComparer.Ordinal)
                .Select(task => new JsonObject
        {
            ["ref"] = task.ReferenceName,
            ["iteration"] = task.Iteration,
            ["retry"] = task.Attempt,
            ["type"] = task.TaskType,
            ["status"] = task.Status.Name(),
            ["input"] = Scrub(task.Input),
            ["output"] = Scrub(task.Output),
        })]),
    };

    private static JsonNode? Scrub(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object =>
            new JsonObject(value.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null && !NotCompared.Contains(property.Name))
                .Select(property => KeyValuePair.Create(property.Name, Scrub(property.Value)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Scrub)]),
        JsonValueKind.Number => value.GetDouble() > 1e12 ? "<time>" : value.TryGetInt64(out var whole) ? whole : value.GetDouble(),
        JsonValueKind.String => Uuid().Replace(value.GetString()!, "<id>"),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(
            map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),
        _ => node?.DeepClone(),
    };

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", RegexOptions.None, 1000)]
    private static partial Regex Uuid();
}
