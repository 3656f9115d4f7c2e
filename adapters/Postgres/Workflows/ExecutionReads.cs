using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>What a glance at an execution shows.</summary>
/// <param name="Status">Its status.</param>
/// <param name="CorrelationId">Its correlation id.</param>
/// <param name="Output">Its output, if that was asked for and can be read.</param>
/// <param name="Variables">Its variables, the same.</param>
public sealed record ExecutionStatus(WorkflowStatus Status, string? CorrelationId, JsonElement Output, JsonElement Variables);

/// <summary>Which definition an execution runs.</summary>
public sealed record ExecutionHead(string Name, string DefinitionHash);

/// <summary>Reads single executions for people and APIs, outside of any saga's transaction, and no more of them than is asked for.</summary>
public sealed class ExecutionReads(NpgsqlDataSource source)
{
    /// <summary>One execution, whole, or null.</summary>
    public async Task<StoredExecution?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = source.Command($"SELECT {ExecutionRows.Columns} FROM workflows.executions i WHERE i.id = $1", id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? ExecutionRows.Read(row) : null;
    }

    /// <summary>Its status, and its output and variables where they are wanted; null where there is no such execution.</summary>
    public async Task<ExecutionStatus?> StatusAsync(Guid id, bool output, bool variables, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            SELECT status, correlation_id, CASE WHEN $2 THEN output END, CASE WHEN $3 THEN state END FROM workflows.executions WHERE id = $1
            """, id, output, variables);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        return new(
            ExecutionRows.Status(row.GetString(0)), row.IsDBNull(1) ? null : row.GetString(1), Read(row, 2, Payload.Read),
            Read(row, 3, json => InstanceJson.Read(json).Variables));
    }

    /// <summary>Its definition, or null.</summary>
    public async Task<ExecutionHead?> HeadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = source.Command("SELECT name, definition_hash FROM workflows.executions WHERE id = $1", id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new(row.GetString(0), row.GetString(1)) : null;
    }

    private static JsonElement Read(NpgsqlDataReader row, int column, Func<byte[], JsonElement> read)
    {
        try
        {
            return row.IsDBNull(column) ? Payload.EmptyObject : read(row.GetFieldValue<byte[]>(column));
        }
        catch (Exception e) when (Unreadable.Is(e))
        {
            return Payload.EmptyObject;
        }
    }
}
