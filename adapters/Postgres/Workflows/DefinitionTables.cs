using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>Definitions as users register them, and the snapshots that executions run.</summary>
public static class DefinitionTables
{
    private const string UpsertWorkflow = """
        INSERT INTO workflows.workflow_definitions AS d (name, version, body) VALUES ($1, $2, $3)
        ON CONFLICT (name, version) DO UPDATE SET body = excluded.body, updated_at = now()
        """;

    /// <summary>Stores a new definition; false when its name and version exist.</summary>
    public static async Task<bool> AddAsync(NpgsqlDataSource source, WorkflowDefinition definition, CancellationToken cancellationToken)
    {
        await using var command = Command(source, "INSERT INTO workflows.workflow_definitions (name, version, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            definition.Name!, definition.Version, Text(DefinitionJson.Write(definition)));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Stores definitions, all or none, over those of the same name and version.</summary>
    public static async Task PutAsync(NpgsqlDataSource source, IReadOnlyList<WorkflowDefinition> definitions, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        foreach (var definition in definitions)
            batch.BatchCommands.Add(BatchCommand(UpsertWorkflow, definition.Name!, definition.Version, Text(DefinitionJson.Write(definition))));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>A definition; the latest version when <paramref name="version"/> is null.</summary>
    public static async Task<WorkflowDefinition?> FindAsync(NpgsqlDataSource source, string name, int? version, CancellationToken cancellationToken)
    {
        await using var command = Command(source,
            "SELECT body FROM workflows.workflow_definitions WHERE name = $1 AND ($2::integer IS NULL OR version = $2) ORDER BY version DESC LIMIT 1", name, version);
        return await command.ExecuteScalarAsync(cancellationToken) is string body ? DefinitionJson.ReadWorkflow(JsonElement.Parse(body)) : null;
    }

    /// <summary>All definitions by name and version, or the latest version of each.</summary>
    public static async Task<IReadOnlyList<WorkflowDefinition>> ListAsync(NpgsqlDataSource source, bool latestOnly, CancellationToken cancellationToken)
    {
        await using var command = Command(source, latestOnly
            ? "SELECT DISTINCT ON (name) body FROM workflows.workflow_definitions ORDER BY name, version DESC"
            : "SELECT body FROM workflows.workflow_definitions ORDER BY name, version");
        return await ReadAsync(command, json => DefinitionJson.ReadWorkflow(json), cancellationToken);
    }

    /// <summary>Removes a definition; false when there is none. Executions that run keep their snapshot.</summary>
    public static async Task<bool> RemoveAsync(NpgsqlDataSource source, string name, int version, CancellationToken cancellationToken)
    {
        await using var command = Command(source, "DELETE FROM workflows.workflow_definitions WHERE name = $1 AND version = $2", name, version);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Stores task definitions, all or none.</summary>
    public static async Task PutAsync(NpgsqlDataSource source, IReadOnlyList<TaskDefinition> definitions, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        foreach (var definition in definitions)
            batch.BatchCommands.Add(BatchCommand(
                "INSERT INTO workflows.task_definitions AS d (name, body) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET body = excluded.body, updated_at = now()",
                definition.Name!, Text(DefinitionJson.Write(definition))));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The task definitions of these names that exist; all when null.</summary>
    public static async Task<IReadOnlyList<TaskDefinition>> TasksAsync(NpgsqlDataSource source, IReadOnlyCollection<string>? names, CancellationToken cancellationToken)
    {
        await using var command = Command(source, "SELECT body FROM workflows.task_definitions WHERE $1::text[] IS NULL OR name = ANY($1) ORDER BY name", (object?)names?.ToArray());
        return await ReadAsync(command, json => DefinitionJson.ReadTask(json), cancellationToken);
    }

    /// <summary>Removes a task definition; false when there is none.</summary>
    public static async Task<bool> RemoveTaskAsync(NpgsqlDataSource source, string name, CancellationToken cancellationToken)
    {
        await using var command = Command(source, "DELETE FROM workflows.task_definitions WHERE name = $1", name);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>Stores a snapshot under its hash, once.</summary>
    public static async Task KeepAsync(NpgsqlDataSource source, string hash, WorkflowDefinition snapshot, CancellationToken cancellationToken)
    {
        await using var command = Command(source, "INSERT INTO workflows.snapshots (hash, body) VALUES ($1, $2) ON CONFLICT DO NOTHING", hash, Text(DefinitionJson.Write(snapshot)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The snapshot of a hash.</summary>
    /// <exception cref="KeyNotFoundException">There is none: the store is damaged.</exception>
    public static async Task<WorkflowDefinition> SnapshotAsync(NpgsqlDataSource source, string hash, CancellationToken cancellationToken)
    {
        await using var command = Command(source, "SELECT body FROM workflows.snapshots WHERE hash = $1", hash);
        return await command.ExecuteScalarAsync(cancellationToken) is string body
            ? DefinitionJson.ReadWorkflow(JsonElement.Parse(body))
            : throw new KeyNotFoundException($"there is no snapshot {hash}");
    }

    private static string Text(JsonElement json) => json.GetRawText();

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(NpgsqlCommand command, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<T>();
        while (await row.ReadAsync(cancellationToken)) found.Add(read(JsonElement.Parse(row.GetString(0))));
        return found;
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, params ReadOnlySpan<object?> values)
    {
        var command = source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    private static NpgsqlBatchCommand BatchCommand(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
