using Conductor.Contracts.Pipelines;
using Conductor.Domain.Streams.Pipelines;
using Conductor.Postgres.Migrations;
using Conductor.Postgres.Streams;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Conductor.Postgres.Pipelines;

/// <summary>The registered definitions, and what the pipelines' sagas say of them.</summary>
/// <param name="source">Database.</param>
/// <param name="schema">Schema that <see cref="ApplyAsync"/> was called for.</param>
public sealed class PipelineStore(NpgsqlDataSource source, SchemaName schema)
{
    /// <summary>Resource folder of the tables, in this assembly.</summary>
    public const string Folder = "Migrations/Pipelines";

    /// <summary>Name of the schema unless a caller chooses another.</summary>
    public const string DefaultSchema = "pipelines";

    // A definition that was registered after the last run ended has not run yet.
    private const string Columns = """
        d.name, d.yaml, d.registered_at,
        CASE WHEN s.state IS NULL OR (s.state IN ('Stopped', 'Failed') AND d.registered_at > s.updated_at) THEN 'Validated' ELSE s.state END AS status,
        coalesce(s.epoch, 0), s.started_at, greatest(s.updated_at, d.registered_at), s.last_error, d.generation
        """;

    /// <summary>Creates or updates the tables.</summary>
    public static Task ApplyAsync(NpgsqlDataSource source, SchemaName schema, ILogger? logger = null, CancellationToken cancellationToken = default) =>
        Migrator.ApplyAsync(source, schema, typeof(PipelineStore).Assembly, Folder, logger, cancellationToken);

    /// <summary>Registers a definition.</summary>
    /// <returns>False when there is one of that name and it is not to be replaced.</returns>
    public Task<bool> SaveAsync(string name, string yaml, bool overwrite, DateTimeOffset now, CancellationToken cancellationToken) =>
        source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            INSERT INTO {schema}.definitions (name, id, yaml, registered_at, generation)
            VALUES ($1, $2, $3, $4, coalesce((SELECT epoch FROM {schema}.pipeline_states WHERE id = $2), 0))
            ON CONFLICT (name) DO UPDATE SET yaml = excluded.yaml, registered_at = excluded.registered_at WHERE $5
            """, name, PipelineIds.Of(name), yaml, now, overwrite);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }, cancellationToken);

    /// <summary>A pipeline, or null.</summary>
    public async Task<StoredPipeline?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await ReadAsync("WHERE d.name = $1", cancellationToken, name)).SingleOrDefault();

    /// <summary>All pipelines.</summary>
    public Task<IReadOnlyList<StoredPipeline>> AllAsync(CancellationToken cancellationToken) => ReadAsync("ORDER BY d.name", cancellationToken);

    /// <summary>The pipelines that are provisioning, running or draining.</summary>
    public Task<IReadOnlyList<StoredPipeline>> ActiveAsync(CancellationToken cancellationToken) =>
        ReadAsync("WHERE s.state IN ('Provisioning', 'Running', 'Draining') ORDER BY d.name", cancellationToken);

    /// <summary>A page of the pipelines in the order of their names, and how many there are in all.</summary>
    public async Task<(int Total, IReadOnlyList<StoredPipeline> Items)> ListAsync(
        PipelineStatus? status, string? name, int offset, int limit, CancellationToken cancellationToken)
    {
        var all = await ReadAsync("WHERE $1::text IS NULL OR strpos(d.name, $1) > 0 ORDER BY d.name", cancellationToken, name);
        var wanted = all.Where(p => status is null || p.Status == status).ToList();
        return (wanted.Count, wanted.Skip(offset).Take(limit).ToList());
    }

    /// <summary>Removes a definition; the run number stays.</summary>
    public Task<bool> DeleteAsync(string name, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"DELETE FROM {schema}.definitions WHERE name = $1", name);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }, cancellationToken);

    /// <summary>Listens to changes of definitions and states, of whatever process, until the connection is lost.</summary>
    /// <param name="changed">Called when it listens, and with each change.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task ListenAsync(Action changed, CancellationToken cancellationToken) =>
        Listener.ListenAsync(source, [$"conductor_{schema}"], changed, (_, _) => changed(), silence: null, cancellationToken);

    private Task<IReadOnlyList<StoredPipeline>> ReadAsync(string where, CancellationToken cancellationToken, params object?[] values) =>
        source.UseAsync(async connection =>
    {
        await using var command = connection.Command(
            $"SELECT {Columns} FROM {schema}.definitions d LEFT JOIN {schema}.pipeline_states s ON s.id = d.id {where}", values);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<StoredPipeline>();
        while (await reader.ReadAsync(cancellationToken)) found.Add(Read(reader));
        return (IReadOnlyList<StoredPipeline>)found;
    }, cancellationToken);

    private static StoredPipeline Read(NpgsqlDataReader row) => new()
    {
        Name = row.GetString(0),
        Yaml = row.GetString(1),
        Status = Enum.Parse<PipelineStatus>(row.GetString(3)),
        Epoch = row.GetInt64(4),
        StartedAt = row.IsDBNull(5) ? null : row.GetFieldValue<DateTimeOffset>(5),
        UpdatedAt = row.GetFieldValue<DateTimeOffset>(6),
        LastError = row.IsDBNull(7) ? null : row.GetString(7),
        Generation = row.GetInt64(8),
    };
}

/// <summary>A registered pipeline with the state of its saga.</summary>
public sealed record StoredPipeline
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
    /// <summary>Its definition as it was registered.</summary>
    public required string Yaml { get; init; }
    /// <summary>Where it is in its life.</summary>
    public required PipelineStatus Status { get; init; }
    /// <summary>Its latest run; 0 before the first.</summary>
    public required long Epoch { get; init; }
    /// <summary>When the latest run was asked for.</summary>
    public DateTimeOffset? StartedAt { get; init; }
    /// <summary>When state or definition last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
    /// <summary>Why the latest run failed.</summary>
    public string? LastError { get; init; }
    /// <summary>Tells it from a deleted pipeline that had its name: 0, or the last run of that one.</summary>
    public long Generation { get; init; }
}
