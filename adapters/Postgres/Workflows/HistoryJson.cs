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

    private const int LargestKept = 64 * 1024;

    // A list is written without a pause: one buffer and one writer a thread.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static string Write(IReadOnlyList<WorkflowEvent> events)
    {
        var (buffer, json) = (_buffer ??= new(), _writer ??= new(Stream.Null, Options));
        buffer.ResetWrittenCount();
        json.Reset(buffer);
        json.WriteStartArray();
        for (var i = 0; i < events.Count; i++) Write(json, events[i]);
        json.WriteEndArray();
        json.Flush();
        // What one large set of variables has needed is not kept for all that comes.
        if (buffer.Capacity > LargestKept) _buffer = null;
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, WorkflowEvent happened)
    {
        json.WriteStartArray();
        json.WriteStringValue(happened.GetType().Name);
        if (happened is TaskEvent { Task.TaskId: var task }) json.WriteStringValue(task);
        WriteDetail(json, happened);
        json.WriteEndArray();
    }

    private static void WriteDetail(Utf8JsonWriter json, WorkflowEvent happened)
    {
        switch (happened)
        {
            case TaskEvent { Task: var task } and (TaskScheduled or TaskSkipped): BeginTask(json, task); WriteReason(json, task); break;
            case TaskHandedOut { Task.WorkerId: { } worker }: Begin(json, happened); json.WriteString("worker", worker); break;
            case TaskHandedOut: return;
            case TaskEvent { Task: { Reason: not null } task }: Begin(json, happened); WriteReason(json, task); break;
            case ExecutionEnded { Reason: { } reason }: Begin(json, happened); json.WriteString("reason", reason); break;
            case TimerStarted e:
                Begin(json, happened); json.WriteString("token", e.Token); json.WriteString("due", e.Due);
                json.WriteString("purpose", e.Purpose.ToString()); break;
            case JoinCounted e: Begin(json, happened); json.WriteString("join", e.ReferenceName); json.WriteNumber("waiting", e.Progress?.Waiting ?? 0); break;
            case FailureWorkflowRequested e: Begin(json, happened); json.WriteString("workflow", e.WorkflowId); json.WriteString("name", e.Name); break;
            case VariablesSet e: json.WriteNullValue(); json.WriteRawValue(e.Variables.GetRawText(), skipInputValidation: true); return;
            default: return;
        }
        json.WriteEndObject();
    }

    // Said once: what happens to an attempt later has its id.
    private static void BeginTask(Utf8JsonWriter json, TaskRecord task)
    {
        json.WriteStartObject();
        json.WriteString("ref", task.NodeReference);
        json.WriteString("type", task.TaskType);
    }

    private static void WriteReason(Utf8JsonWriter json, TaskRecord task)
    {
        if (task.Reason is not { } reason) return;
        json.WriteString("status", task.Status.Name());
        json.WriteString("reason", reason);
    }

    // A detail is the third of its list.
    private static void Begin(Utf8JsonWriter json, WorkflowEvent happened)
    {
        if (happened is not TaskEvent) json.WriteNullValue();
        json.WriteStartObject();
    }
}
