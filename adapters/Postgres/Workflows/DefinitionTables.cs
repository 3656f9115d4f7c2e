using System.Text.Json;
using Conductor.Domain.Workflows.Definitions;
using Conductor.Domain.Workflows.Limits;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>A version of a definition that is registered.</summary>
public sealed record RegisteredVersion(string Name, int Version, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>Definitions as users register them, and the snapshots that executions run. Every change is told (<see cref="Notifications"/>).</summary>
public sealed class DefinitionTables(NpgsqlDataSource source)
{
    /// <summary>Stores a new definition; false when its name and version exist.</summary>
    public Task<bool> AddAsync(WorkflowDefinition definition, CancellationToken cancellationToken) => ChangeAsync(
        "INSERT INTO workflows.workflow_definitions (name, version, body) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [[definition.Name, definition.Version, Text(DefinitionJson.Write(definition))]], cancellationToken);

    /// <summary>Stores definitions, all or none, over those of the same name and version.</summary>
    public Task PutAsync(IReadOnlyList<WorkflowDefinition> definitions, CancellationToken cancellationToken) => ChangeAsync(
        """
        INSERT INTO workflows.workflow_definitions AS d (name, version, body) VALUES ($1, $2, $3)
        ON CONFLICT (tenant, name, version) DO UPDATE SET body = excluded.body, updated_at = now()
        """, definitions.Select(d => new object?[] { d.Name, d.Version, Text(DefinitionJson.Write(d)) }), cancellationToken);

    /// <summary>A definition; the latest version when <paramref name="version"/> is null.</summary>
    public async Task<WorkflowDefinition?> FindAsync(string name, int? version, CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            SELECT body FROM workflows.workflow_definitions WHERE tenant = 1 AND name = $1 AND ($2::integer IS NULL OR version = $2)
            ORDER BY version DESC LIMIT 1
            """, name, version);
        return await command.ExecuteScalarAsync(cancellationToken) is string body ? DefinitionJson.ReadWorkflow(JsonLimits.Parse(body)) : null;
    }

    /// <summary>All definitions by name and version, or the latest version of each.</summary>
    public async Task<IReadOnlyList<WorkflowDefinition>> ListAsync(bool latestOnly, CancellationToken cancellationToken)
    {
        await using var command = source.Command(latestOnly
            ? "SELECT DISTINCT ON (name) body, name, version FROM workflows.workflow_definitions WHERE tenant = 1 ORDER BY name, version DESC"
            : "SELECT body, name, version FROM workflows.workflow_definitions WHERE tenant = 1 ORDER BY name, version");
        return await ReadAsync(command, json => DefinitionJson.ReadWorkflow(json), (row, why) => new WorkflowDefinition
        {
            Name = row.GetString(1), Version = row.GetInt32(2), Description = Unreadable.Reason("definition", why),
        }, cancellationToken);
    }

    /// <summary>Days for which executions stay after their end, by name, of the definitions whose latest version names them.</summary>
    public async Task<IReadOnlyDictionary<string, int>> RetentionDaysAsync(CancellationToken cancellationToken)
    {
        await using var command = source.Command("""
            SELECT body FROM (SELECT DISTINCT ON (name) name, body FROM workflows.workflow_definitions ORDER BY name, version DESC) latest
            WHERE strpos(body, '"retentionDays"') > 0
            """);
        var latest = await ReadAsync(command, json => DefinitionJson.ReadWorkflow(json), (_, _) => new WorkflowDefinition(), cancellationToken);
        return latest.Where(d => d is { Name: not null, RetentionDays: not null }).ToDictionary(d => d.Name!, d => d.RetentionDays!.Value);
    }

    /// <summary>Names and versions of all definitions, or of one, with the times of their registration; the definitions themselves are not read.</summary>
    public async Task<IReadOnlyList<RegisteredVersion>> VersionsAsync(string? name, CancellationToken cancellationToken)
    {
        const string columns = "SELECT name, version, created_at, updated_at FROM workflows.workflow_definitions WHERE tenant = 1";
        await using var command = name is null
            ? source.Command($"{columns} ORDER BY name, version")
            : source.Command($"{columns} AND name = $1 ORDER BY version", name);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new List<RegisteredVersion>();
        while (await row.ReadAsync(cancellationToken))
            versions.Add(new(row.GetString(0), row.GetInt32(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3)));
        return versions;
    }

    /// <summary>Removes a definition; false when there is none. Executions that run keep their snapshot.</summary>
    public Task<bool> RemoveAsync(string name, int version, CancellationToken cancellationToken) =>
        ChangeAsync("DELETE FROM workflows.workflow_definitions WHERE tenant = 1 AND name = $1 AND version = $2", [[name, version]], cancellationToken);

    /// <summary>Stores task definitions, all or none.</summary>
    public Task PutAsync(IReadOnlyList<TaskDefinition> definitions, CancellationToken cancellationToken) => ChangeAsync(
        """
        INSERT INTO workflows.task_definitions AS d (name, body) VALUES ($1, $2)
        ON CONFLICT (tenant, name) DO UPDATE SET body = excluded.body, updated_at = now()
        """,
        definitions.Select(d => new object?[] { d.Name, Text(DefinitionJson.Write(d)) }), cancellationToken);

    /// <summary>The task definitions of these names that exist; all when null.</summary>
    public async Task<IReadOnlyList<TaskDefinition>> TasksAsync(IReadOnlyCollection<string>? names, CancellationToken cancellationToken)
    {
        const string columns = "SELECT body, name FROM workflows.task_definitions WHERE tenant = 1";
        await using var command = names is null
            ? source.Command($"{columns} ORDER BY name")
            : source.Command($"{columns} AND name = ANY($1) ORDER BY name", (object)names.ToArray());
        return await ReadAsync(command, json => DefinitionJson.ReadTask(json), (row, why) => names is not null
            // Whoever asks by name is going to use it.
            ? throw new JsonException(Unreadable.Reason("task definition", why), why)
            : new TaskDefinition { Name = row.GetString(1), Description = Unreadable.Reason("task definition", why) }, cancellationToken);
    }

    /// <summary>Removes a task definition; false when there is none.</summary>
    public Task<bool> RemoveTaskAsync(string name, CancellationToken cancellationToken) =>
        ChangeAsync("DELETE FROM workflows.task_definitions WHERE tenant = 1 AND name = $1", [[name]], cancellationToken);

    /// <summary>Stores a snapshot under its hash, once.</summary>
    public async Task KeepAsync(string hash, WorkflowDefinition snapshot, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            "INSERT INTO workflows.snapshots (hash, body) VALUES ($1, $2) ON CONFLICT DO NOTHING", hash, Text(DefinitionJson.Write(snapshot)));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The snapshot of a hash.</summary>
    /// <exception cref="KeyNotFoundException">There is none: the store is damaged.</exception>
    public async Task<WorkflowDefinition> SnapshotAsync(string hash, CancellationToken cancellationToken)
    {
        await using var command = source.Command("SELECT body FROM workflows.snapshots WHERE tenant = 1 AND hash = $1", hash);
        return await command.ExecuteScalarAsync(cancellationToken) is string body
            ? DefinitionJson.ReadWorkflow(JsonLimits.Parse(body))
            : throw new KeyNotFoundException($"there is no snapshot {hash}");
    }

    // One statement for each row, all or none; false when it has changed nothing.
    private async Task<bool> ChangeAsync(string sql, IEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        foreach (var row in rows) batch.Add(sql, row);
        Notifications.AddDefinitionsChanged(batch);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        return batch.BatchCommands.Cast<NpgsqlBatchCommand>().SkipLast(1).Any(c => c.RecordsAffected > 0);
    }

    private static string Text(JsonElement json) => json.GetRawText();

    private static async Task<IReadOnlyList<T>> ReadAsync<T>(
        NpgsqlCommand command, Func<JsonElement, T> read, Func<NpgsqlDataReader, Exception, T> show, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<T>();
        while (await row.ReadAsync(cancellationToken))
        {
            try
            {
                found.Add(read(JsonLimits.Parse(row.GetString(0))));
            }
            catch (Exception e) when (Unreadable.Is(e))
            {
                found.Add(show(row, e));
            }
        }
        return found;
    }
}
