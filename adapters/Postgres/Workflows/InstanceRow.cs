using System.Text.Json;
using System.Text.Json.Serialization;
using Conductor.Domain.Workflows.Deciding;
using Conductor.Domain.Workflows.Executions;
using Conductor.Domain.Workflows.Limits;

namespace Conductor.Postgres.Workflows;

/// <summary>An execution's row: the decider's state, and what the store keeps beside it.</summary>
/// <param name="Instance">State of the decider.</param>
/// <param name="Lifecycle">State of the saga.</param>
/// <param name="NextEvent">Number of the next event in the history.</param>
/// <param name="WakeAt">When a deadline of its tasks may have passed; null for never.</param>
public sealed record InstanceRow(WorkflowInstance Instance, string Lifecycle, int NextEvent, DateTimeOffset? WakeAt);

/// <summary>Where an execution's row was when it was loaded.</summary>
public enum InstancePlace
{
    /// <summary>Nowhere.</summary>
    None,
    /// <summary>In <c>instances</c>.</summary>
    UnderWay,
    /// <summary>In <c>ended</c>.</summary>
    Ended,
}

/// <summary>What a batch did to one execution.</summary>
/// <param name="Row">The row after it; <see cref="InstanceRow.NextEvent"/> is the number of the first of <paramref name="Events"/>.</param>
/// <param name="Before">Where its row is.</param>
/// <param name="Events">What happened, in order.</param>
/// <param name="Trace">Trace (W3C) of the last message, if there is one.</param>
public sealed record InstanceChange(InstanceRow Row, InstancePlace Before, IReadOnlyList<WorkflowEvent> Events, string? Trace = null)
{
    /// <summary>Where its row is to be.</summary>
    public InstancePlace After => Row.Instance.Status.IsTerminal() ? InstancePlace.Ended : InstancePlace.UnderWay;

    /// <summary>Nothing of the state has changed: workers have got tasks, or the time to wake is another.</summary>
    public bool LeavesState => Events.All(happened => happened is TaskHandedOut);
}

/// <summary>The decider's state in the store, by generated code: it is read and written with every message.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true, MaxDepth = JsonLimits.StoredDepth)]
[JsonSerializable(typeof(WorkflowInstance))]
internal sealed partial class InstanceJson : JsonSerializerContext
{
    public static byte[] Write(WorkflowInstance instance) => JsonSerializer.SerializeToUtf8Bytes(instance, Default.WorkflowInstance);

    public static WorkflowInstance Read(byte[] json) =>
        JsonSerializer.Deserialize(json, Default.WorkflowInstance) ?? throw new JsonException("an execution's state is null");
}
