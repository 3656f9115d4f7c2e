using System.Text.Json;
using Conductor.Domain.Workflows.Tasks;

namespace Conductor.Domain.Workflows.Definitions;

/// <summary>Rules of single tasks, with those inside of them.</summary>
internal static class TaskRules
{
    public static void Check(IReadOnlyList<WorkflowTask> tasks, string path, List<DefinitionError> errors)
    {
        for (var i = 0; i < tasks.Count; i++)
        {
            var (task, at) = (tasks[i], $"{path}[{i}]");
            if (string.IsNullOrEmpty(task.Name)) errors.Add(new($"{at}.name", "WorkflowTask name cannot be empty or null"));
            if (string.IsNullOrEmpty(task.TaskReferenceName))
                errors.Add(new($"{at}.taskReferenceName", "WorkflowTask taskReferenceName name cannot be empty or null"));
            FieldRules.Check(task, at + ".", errors);
            errors.AddRange(OfType(task).Select(message => new DefinitionError(at, message)));
            if (task.Type == "FORK_JOIN" && (i + 1 == tasks.Count || tasks[i + 1].Type != "JOIN"))
                errors.Add(new(at, $"Fork task definition is not followed by a join task.  Check the blueprint: {task.TaskReferenceName}"));
            CheckInside(task, at, errors);
        }
    }

    private static void CheckInside(WorkflowTask task, string at, List<DefinitionError> errors)
    {
        foreach (var (name, branch) in task.DecisionCases) Check(branch, $"{at}.decisionCases[{name}]", errors);
        Check(task.DefaultCase, $"{at}.defaultCase", errors);
        for (var i = 0; i < task.ForkTasks.Count; i++) Check(task.ForkTasks[i], $"{at}.forkTasks[{i}]", errors);
        Check(task.LoopOver, $"{at}.loopOver", errors);
    }

    private static IEnumerable<string> OfType(WorkflowTask task) => task.Type switch
    {
        "SWITCH" => OfSwitch(task),
        "DECISION" => OfDecision(task),
        "FORK_JOIN" => task.ForkTasks.Count == 0 ? [$"forkTasks should have atleast one task for taskType: FORK_JOIN taskName: {task.Name}"] : [],
        "TERMINATE" => OfTerminate(task),
        "WAIT" => OfWait(task),
        _ => TaskTypes.NotExecuted.Contains(task.Type)
            ? [$"Task type {task.Type} is not executed by this server yet, taskName: {task.Name}, taskReferenceName: {task.TaskReferenceName}"] : [],
    };

    private static IEnumerable<string> OfSwitch(WorkflowTask task)
    {
        if (task.EvaluatorType is null) yield return Required("evaluatorType", task);
        else if (task.Expression is null) yield return Required("expression", task);
        if (task.EvaluatorType is not (null or "value-param" or "javascript" or "graaljs"))
            yield return $"Evaluator {task.EvaluatorType} is not supported by this server yet, taskType: SWITCH taskName: {task.Name}";
        if (task.DecisionCases.Count == 0) yield return $"decisionCases should have atleast one task for taskType: SWITCH taskName: {task.Name}";
    }

    private static IEnumerable<string> OfDecision(WorkflowTask task)
    {
        if (task is { CaseValueParam: null, CaseExpression: null }) yield return Required("caseValueParam or caseExpression", task);
        if (task.DecisionCases.Count == 0) yield return $"decisionCases should have atleast one task for taskType: DECISION taskName: {task.Name}";
    }

    private static IEnumerable<string> OfTerminate(WorkflowTask task)
    {
        if (task.Optional) yield return $"terminate task cannot be optional, taskName: {task.Name}";
        var status = Text(task, "terminationStatus");
        var isKnown = status is "COMPLETED" or "FAILED" or "TERMINATED" || status.StartsWith("${", StringComparison.Ordinal);
        if (!isKnown) yield return $"terminate task must have an terminationStatus parameter and must be set to COMPLETED or FAILED, taskName: {task.Name}";
    }

    private static IEnumerable<string> OfWait(WorkflowTask task)
    {
        var (duration, until) = (Text(task, "duration"), Text(task, "until"));
        if (duration.Length > 0 && until.Length > 0) yield return "Both 'duration' and 'until' specified. Please provide only one input";
        if (duration.Length > 0 && !duration.Contains("${", StringComparison.Ordinal) && !WaitTimes.TryDuration(duration, out _))
            yield return $"Wait time specified is invalid.  Not valid duration: {duration}";
        if (until.Length > 0 && !until.Contains("${", StringComparison.Ordinal) && !WaitTimes.TryUntil(until, out _))
            yield return $"Unable to parse date {until}";
    }

    private static string Required(string field, WorkflowTask task) => $"{field} field is required for taskType: {task.Type} taskName: {task.Name}";

    private static string Text(WorkflowTask task, string name) => task.InputParameters.TryGetValue(name, out var value) ? value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        JsonValueKind.String => value.GetString()!.Trim(),
        _ => value.GetRawText(),
    } : "";
}
