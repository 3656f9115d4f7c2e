using System.Text.Json;
using System.Text.Json.Serialization;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Limits;
using Conductor.Workflows.Answers;

namespace Conductor.Workflows.Tasks;

/// <summary>
/// What a worker reports over HTTP, Conductor's TaskResult. It tells of work that is done, so texts are made to fit rather than refused:
/// cut to their limit, U+FFFD for what no text may hold.
/// </summary>
internal sealed record TaskResult
{
    private const int LongestCallbackSeconds = int.MaxValue;
    private const int MostLogLines = 10_000;

    public string? WorkflowInstanceId { get; init; }
    public string? TaskId { get; init; }
    public string? Status { get; init; }
    public JsonElement OutputData { get; init; }
    public string? ReasonForIncompletion { get; init; }
    public long CallbackAfterSeconds { get; init; }
    public string? WorkerId { get; init; }
    public JsonElement Logs { get; init; }
    public bool ExtendLease { get; init; }

    /// <summary>Whether the worker only needs more time.</summary>
    [JsonIgnore]
    public bool OnlyExtendsLease => ExtendLease && Status == "IN_PROGRESS";

    /// <summary>The report as the saga's event.</summary>
    /// <exception cref="ConductorException">A field is missing or malformed, or the status is none that a worker may report.</exception>
    public TaskExecuted ToReport()
    {
        if (string.IsNullOrEmpty(WorkflowInstanceId)) throw Wrong("workflowInstanceId", "Workflow Id cannot be null or empty");
        if (string.IsNullOrEmpty(TaskId)) throw Wrong("taskId", "Task ID cannot be null or empty");
        if (Status is null) throw Wrong("status", "Status cannot be null or empty");
        if (CallbackAfterSeconds > LongestCallbackSeconds)
            throw Wrong("callbackAfterSeconds", $"callbackAfterSeconds: {CallbackAfterSeconds} must be <= {LongestCallbackSeconds}");
        return new TaskExecuted
        {
            // What is no id at all cannot be found either.
            TaskId = Guid.TryParse(TaskId, out var task) ? task : throw NotFound($"No such task found by id: {Shown(TaskId)}"),
            WorkflowId = Guid.TryParse(WorkflowInstanceId, out var id) ? id : throw NotFound($"No such workflow found by id: {Shown(WorkflowInstanceId)}"),
            Outcome = Outcome(Status),
            Output = OutputData.ValueKind is JsonValueKind.Object or JsonValueKind.Null or JsonValueKind.Undefined
                ? OutputData : throw Wrong("outputData", "outputData must be a JSON object"),
            Reason = Fitted(ReasonForIncompletion, TextLimits.Reason),
            CallbackAfter = TimeSpan.FromSeconds(Math.Max(0, CallbackAfterSeconds)),
            WorkerId = Fitted(WorkerId, TextLimits.WorkerId),
            Logs = Lines(),
        };
    }

    /// <summary>The outcome of a status by Conductor's name.</summary>
    /// <exception cref="ConductorException">There is none.</exception>
    public static TaskOutcome Outcome(string status) => status switch
    {
        "COMPLETED" => TaskOutcome.Completed,
        "FAILED" => TaskOutcome.Failed,
        "FAILED_WITH_TERMINAL_ERROR" => TaskOutcome.FailedWithTerminalError,
        "IN_PROGRESS" => TaskOutcome.InProgress,
        "CANCELED" => TaskOutcome.Canceled,
        _ => throw new ConductorException(ConductorError.Invalid(
            $"status: {Shown(status)} is none of CANCELED, COMPLETED, FAILED_WITH_TERMINAL_ERROR, FAILED, IN_PROGRESS")),
    };

    private List<string> Lines()
    {
        if (Logs.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return [];
        if (Logs.ValueKind != JsonValueKind.Array) throw Wrong("logs", "logs must be a list");
        if (Logs.GetArrayLength() > MostLogLines) throw Wrong("logs", $"logs has {Logs.GetArrayLength()} lines; at most {MostLogLines} are allowed");
        return [.. Logs.EnumerateArray().Select(Line).OfType<string>().Select(line => TextLimits.Fitted(line, TextLimits.LogLine))];
    }

    // Lines are objects with a field log; some workers send the bare text.
    private static string? Line(JsonElement entry) => entry.ValueKind switch
    {
        JsonValueKind.Object => entry.TryGetProperty("log", out var line) && line.ValueKind != JsonValueKind.Null ? line.ToString() : null,
        JsonValueKind.Null => throw Wrong("logs", "logs must not hold null"),
        _ => entry.ToString(),
    };

    private static string? Fitted(string? text, int longest) => text is null ? null : TextLimits.Fitted(text, longest);

    private static string Shown(string text) => TextLimits.Fitted(text, TextLimits.Name);

    private static ConductorException Wrong(string field, string message) =>
        new(ConductorError.Invalid([new ValidationError("updateTask.arg0." + field, message)]));

    private static ConductorException NotFound(string message) => new(ConductorError.NotFound(message));
}
