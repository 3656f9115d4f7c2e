using System.Buffers;
using System.Text;
using System.Text.Json;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Postgres.Workflows;

/// <summary>
/// What happened, as the history keeps it: a JSON list of <c>[kind, task, detail]</c>, shorter where there is no more to say. Payloads stay in
/// the rows that own them; the history says what happened, when and why.
/// </summary>
internal static class HistoryJson
{
    private static readonly JsonWriterOptions Options = new() { SkipValidation = true, MaxDepth = JsonLimits.StoredDepth };

    public static string Write(IReadOnlyList<WorkflowEvent> events)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * events.Count);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartArray();
            foreach (var happened in events) Write(json, happened);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, WorkflowEvent happened)
    {
        json.WriteStartArray();
        json.WriteStringValue(happened.GetType().Name);
        var detail = Detail(happened);
        if (happened is TaskEvent { Task.TaskId: var task }) json.WriteStringValue(task);
        else if (detail is not null) json.WriteNullValue();
        if (detail is not null) json.WriteRawValue(detail, skipInputValidation: true);
        json.WriteEndArray();
    }

    private static string? Detail(WorkflowEvent happened) => happened switch
    {
        TaskHandedOut e => e.Task.WorkerId is null ? null : JsonSerializer.Serialize(new { worker = e.Task.WorkerId }),
        TaskEvent e => e.Task.Reason is null ? null : JsonSerializer.Serialize(new { status = e.Task.Status.Name(), reason = e.Task.Reason }),
        ExecutionEnded { Reason: { } reason } => JsonSerializer.Serialize(new { reason }),
        VariablesSet e => e.Variables.GetRawText(),
        TimerStarted e => JsonSerializer.Serialize(new { token = e.Token, due = e.Due, purpose = e.Purpose.ToString() }),
        JoinCounted e => JsonSerializer.Serialize(new { join = e.ReferenceName, waiting = e.Progress?.Waiting ?? 0 }),
        FailureWorkflowRequested e => JsonSerializer.Serialize(new { workflow = e.WorkflowId, name = e.Name }),
        _ => null,
    };
}
