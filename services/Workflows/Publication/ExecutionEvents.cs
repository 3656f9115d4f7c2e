using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Conductor.Contracts.Workflows;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Postgres.Workflows.Publication;

namespace Conductor.Workflows.Publication;

/// <summary>What the history has of an execution, as it is published.</summary>
internal static class ExecutionEvents
{
    private const string Removed = "ExecutionRemoved";

    public static ExecutionChanged Of(PublishableEvents happened)
    {
        using var json = JsonDocument.Parse(happened.Events);
        List<ExecutionEvent> events = [.. json.RootElement.EnumerateArray().Select(Event)];
        var execution = happened.Execution ?? RemovedExecution(events);
        return new()
        {
            WorkflowId = happened.Position.WorkflowId,
            Name = execution.Name,
            Version = execution.Version,
            CorrelationId = execution.CorrelationId,
            Number = happened.Position.Number,
            At = happened.At,
            Status = events.Select(e => StatusAfter(e.Kind)).LastOrDefault(status => status is not null),
            Events = events,
        };
    }

    /// <summary>The message id: the same for the same events.</summary>
    public static Guid IdOf(ExecutionChanged happened)
    {
        Span<byte> place = stackalloc byte[20];
        happened.WorkflowId.TryWriteBytes(place);
        BinaryPrimitives.WriteInt32LittleEndian(place[16..], happened.Number);
        return new(SHA256.HashData(place).AsSpan(0, 16));
    }

    // One that was removed before its last events were published is known by the event of its removal alone; EndedRemoval waits for the others.
    private static PublishedExecution RemovedExecution(List<ExecutionEvent> events) =>
        events is [{ Kind: Removed, Detail: { } detail }]
            ? new(detail.GetProperty("name").GetString()!, detail.GetProperty("version").GetInt32(), null)
            : new("", 0, null);

    private static ExecutionEvent Event(JsonElement happened) => new()
    {
        Kind = happened[0].GetString()!,
        TaskId = Item(happened, 1)?.GetGuid(),
        Detail = Item(happened, 2)?.Clone(),
    };

    private static JsonElement? Item(JsonElement list, int index) =>
        index < list.GetArrayLength() && list[index] is { ValueKind: not JsonValueKind.Null } item ? item : null;

    private static string? StatusAfter(string kind) => kind switch
    {
        nameof(WorkflowStarted) or nameof(WorkflowResumed) or nameof(WorkflowRetried) or nameof(WorkflowRestarted) => WorkflowStatus.Running.Name(),
        nameof(WorkflowPaused) => WorkflowStatus.Paused.Name(),
        nameof(WorkflowCompleted) => WorkflowStatus.Completed.Name(),
        nameof(WorkflowFailed) => WorkflowStatus.Failed.Name(),
        nameof(WorkflowTimedOut) => WorkflowStatus.TimedOut.Name(),
        nameof(WorkflowTerminated) => WorkflowStatus.Terminated.Name(),
        Removed => "REMOVED",
        _ => null,
    };
}
