using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Conductor.Domain.Workflows.Definitions;

namespace Conductor.Domain.Tests.Workflows;

/// <summary>One run of a definition: the input, what the workers answer, and the verbs after its end.</summary>
internal sealed record Scenario(string Label, JsonObject Input, string Policy, IReadOnlyList<string> Verbs);

/// <summary>The scenarios that Conductor's recorded outcomes come from, made by the same rules (shared/bench/conductor-diff.py).</summary>
internal static partial class ConductorScenarios
{
    private static readonly HashSet<string> Flow = ["FORK", "FORK_JOIN", "FORK_JOIN_DYNAMIC", "JOIN", "EXCLUSIVE_JOIN", "SWITCH", "DECISION", "DO_WHILE",
        "SUB_WORKFLOW",
        "START_WORKFLOW", "EVENT", "HTTP", "INLINE", "LAMBDA", "JSON_JQ_TRANSFORM", "SET_VARIABLE", "TERMINATE", "WAIT", "HUMAN", "NOOP", "KAFKA_PUBLISH",
        "PULL_WORKFLOW_MESSAGES"];

    public static bool IsWorkers(string taskType) => !Flow.Contains(taskType);

    public static IReadOnlyList<Scenario> Of(WorkflowDefinition definition, string json)
    {
        var names = InputName().Matches(json).Select(match => match.Groups[1].Value).Distinct().Order(StringComparer.Ordinal).ToList();
        var combinations = Combinations(Choices(definition));
        JsonObject Given(IReadOnlyDictionary<string, string> choice) => new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)Value(name, choice))));
        var found = combinations.Select(
            choice => new Scenario(choice.Count == 0 ? "plain" : string.Join('/', choice.Select(pair => $"{pair.Key}={pair.Value}")), Given(choice),
                "complete", [])).ToList();
        var simple = Snapshot.Walk(definition.Tasks).Where(task => IsWorkers(task.Type)).Select(task => task.TaskReferenceName!).Distinct()
            .Order(StringComparer.Ordinal).ToList();
        if (simple.Count == 0) return found;
        JsonObject First() => Given(combinations[0]);
        found.Add(new("first attempts fail", First(), "fail-first", []));
        found.Add(new($"{simple[0]} fails", First(), "fail:" + simple[0], []));
        found.Add(new($"{simple[^1]} ends in error", First(), "terminal:" + simple[^1], []));
        found.Add(new("pause and resume", First(), "complete", ["pause", "resume"]));
        found.Add(new($"{simple[^1]} fails, then retry", First(), "fail-until-retry:" + simple[^1], ["retry"]));
        found.Add(new($"{simple[0]} fails, then restart", First(), "fail-until-retry:" + simple[0], ["restart"]));
        return found;
    }

    /// <summary>What a worker answers; it depends on the reference name alone.</summary>
    public static string Answer(string reference)
    {
        var digest = Convert.ToHexStringLower(Md5(reference));
        var n = Convert.ToInt32(digest[..4], 16) % 7;
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["op"] = $"out of {reference}",
            ["n"] = n,
            ["list"] = new[] { n, n + 1 },
            ["nested"] = new { a = new { b = reference } },
            ["taskToExecute"] = "integration_task_1",
            ["case"] = n % 2 == 0 ? "even" : "odd",
            ["result"] = n > 3,
            ["dynamicTasks"] = new[] { new { name = "integration_task_2", taskReferenceName = "xdt1", type = "SIMPLE" },
                new { name = "integration_task_3", taskReferenceName = "xdt2", type = "SIMPLE" } },
            ["dynamicTasksInput"] = new { xdt1 = new { k1 = "v1" }, xdt2 = new { k2 = n } },
        });
    }

    /// <summary>The recording script picks its numbers by this digest.</summary>
    private static byte[] Md5(string text)
    {
#pragma warning disable CA5351 // not for security: the recorded answers were made with it
        return MD5.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5351
    }

    private static List<KeyValuePair<string, List<string>>> Choices(WorkflowDefinition definition)
    {
        var choices = new List<KeyValuePair<string, List<string>>>();
        foreach (var task in Snapshot.Walk(definition.Tasks))
        {
            var parameter = task.CaseValueParam ?? (task.EvaluatorType == "value-param" ? task.Expression : null);
            if (parameter is null || !task.InputParameters.TryGetValue(parameter, out var value) || value.ValueKind != JsonValueKind.String) continue;
            var match = WholeInput().Match(value.GetString()!);
            if (!match.Success) continue;
            var list = choices.Find(choice => choice.Key == match.Groups[1].Value).Value;
            if (list is null) choices.Add(new(match.Groups[1].Value, list = []));
            list.AddRange([.. task.DecisionCases.Keys, "neither"]);
        }
        return choices;
    }

    private static List<IReadOnlyDictionary<string, string>> Combinations(List<KeyValuePair<string, List<string>>> choices)
    {
        IEnumerable<IReadOnlyDictionary<string, string>> every = [new Dictionary<string, string>()];
        foreach (var (name, values) in choices)
        {
            var sorted = values.Distinct().OrderBy(value => value == "neither").ThenBy(value => value, StringComparer.Ordinal).ToList();
            every = [.. every.SelectMany(choice => sorted.Select(value => new Dictionary<string, string>(choice) { [name] = value }))];
        }
        var all = every.ToList();
        var count = Math.Min(8, all.Count);
        return [.. Enumerable.Range(0, count).Select(i => all[(int)Math.Round(i * (all.Count - 1) / (double)Math.Max(1, count - 1), MidpointRounding.ToEven)])];
    }

    private static JsonNode Value(string name, IReadOnlyDictionary<string, string> choice) =>
        choice.TryGetValue(name, out var chosen) ? chosen : name is "loop" or "value" or "count" or "iterations" ? 2 : $"{name}-value";

    [GeneratedRegex(@"\$\{workflow\.input\.([A-Za-z0-9_]+)", RegexOptions.None, 1000)]
    private static partial Regex InputName();

    [GeneratedRegex(@"^\$\{workflow\.input\.([A-Za-z0-9_]+)\}$", RegexOptions.None, 1000)]
    private static partial Regex WholeInput();
}
