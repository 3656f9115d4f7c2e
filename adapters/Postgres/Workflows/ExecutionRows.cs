using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>An execution with its payloads.</summary>
public sealed record StoredExecution(WorkflowInstance Instance, JsonElement Input, JsonElement Output);

/// <summary>Reads rows of the view <c>workflows.executions</c> whole, for people.</summary>
internal static class ExecutionRows
{
    /// <summary>The columns that <see cref="Read"/> expects, in their order, of an alias <c>i</c>.</summary>
    public const string Columns = """
        i.state, i.input, i.output, i.id, i.name, i.version, i.definition_hash, i.status, i.correlation_id, i.priority, i.created_at, i.updated_at, i.ended_at
        """;

    /// <summary>The row; one that cannot be read is shown as such: it must not keep the others of a list from whoever asks.</summary>
    public static StoredExecution Read(NpgsqlDataReader row)
    {
        try
        {
            return Parse(row);
        }
        catch (Exception e) when (Unreadable.Is(e))
        {
            return new(Shown(row, e), Payload.EmptyObject, Payload.EmptyObject);
        }
    }

    /// <summary>The row; throws where it cannot be read.</summary>
    public static StoredExecution Parse(NpgsqlDataReader row) => new(
        InstanceJson.Read(row.GetFieldValue<byte[]>(0)), Payload.Read(row.GetFieldValue<byte[]>(1)),
        row.IsDBNull(2) ? Payload.EmptyObject : Payload.Read(row.GetFieldValue<byte[]>(2)));

    /// <summary>Where the row is in a list.</summary>
    public static ListPlace Place(NpgsqlDataReader row) => new(row.GetFieldValue<DateTimeOffset>(10), row.GetGuid(3));

    /// <summary>The status of a stored name.</summary>
    public static WorkflowStatus Status(string name) => Enum.GetValues<WorkflowStatus>().First(status => status.Name() == name);

    private static WorkflowInstance Shown(NpgsqlDataReader row, Exception why) => new()
    {
        WorkflowId = row.GetGuid(3),
        Name = row.GetString(4),
        Version = row.GetInt32(5),
        DefinitionHash = row.GetString(6),
        Status = Status(row.GetString(7)),
        CorrelationId = row.IsDBNull(8) ? null : row.GetString(8),
        Priority = row.GetInt32(9),
        CreateTime = row.GetFieldValue<DateTimeOffset>(10),
        UpdateTime = row.GetFieldValue<DateTimeOffset>(11),
        EndTime = row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12),
        Variables = Payload.EmptyObject,
        Reason = Unreadable.Reason("execution", why),
    };
}
