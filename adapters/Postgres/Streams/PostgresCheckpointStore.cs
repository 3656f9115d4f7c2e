using System.Text.Json;
using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Processing;
using Npgsql;

namespace Conductor.Postgres.Streams;

/// <summary>Checkpoints in the table <c>checkpoints</c>, a row per partition of a component's input.</summary>
/// <param name="source">Database.</param>
/// <param name="schema">Schema that <see cref="StreamTables.ApplyAsync"/> was called for.</param>
public sealed class PostgresCheckpointStore(NpgsqlDataSource source, SchemaName schema) : ICheckpointStore
{
    private const int Pending = 11;
    private static readonly IReadOnlyDictionary<string, long> None = new Dictionary<string, long>(StringComparer.Ordinal);
    private const string Values = "next_offset, passed, skipped, dead_lettered, written, copies, lost, rewinds, source_generation, origins, sinks";

    /// <inheritdoc />
    public Task<KeptCheckpoint> TakeOverAsync(CheckpointKey key, long epoch, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            INSERT INTO {schema}.checkpoints AS c (pipeline, component, source, group_name, partition, epoch) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (pipeline, component, source, group_name, partition) DO UPDATE SET epoch = excluded.epoch WHERE c.epoch <= excluded.epoch
            RETURNING {Values}, pending
            """, key.Pipeline, key.Component, key.Source, key.Group, key.Partition, epoch);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) throw Fenced(key, epoch);
        return new KeptCheckpoint(reader.IsDBNull(0) ? null : Read(reader, 0),
            reader.IsDBNull(Pending) ? null : JsonSerializer.Deserialize<Checkpoint>(reader.GetString(Pending)));
    }, cancellationToken);

    /// <inheritdoc />
    public Task SaveAsync(CheckpointKey key, long epoch, Checkpoint checkpoint, CancellationToken cancellationToken) =>
        PrepareAsync(key, epoch, new(checkpoint, Pending: null), cancellationToken);

    /// <inheritdoc />
    public Task PrepareAsync(CheckpointKey key, long epoch, KeptCheckpoint checkpoint, CancellationToken cancellationToken) =>
        source.UseAsync(async connection =>
        {
            var (last, counters) = (checkpoint.Last, checkpoint.Last?.Counters ?? default);
            await using var command = connection.Command($"""
                UPDATE {schema}.checkpoints
                SET ({Values}, pending, saved) = ($7, $8, $9, $10, $11, $12, $13, $14, $15, $16::jsonb, $17::jsonb, $18::jsonb, clock_timestamp())
                WHERE pipeline = $1 AND component = $2 AND source = $3 AND group_name = $4 AND partition = $5 AND epoch = $6
                """, key.Pipeline, key.Component, key.Source, key.Group, key.Partition, epoch,
                last?.NextOffset, counters.Passed, counters.Skipped, counters.DeadLettered, counters.Written, counters.Copies, counters.Lost,
                last?.Rewinds ?? 0, last?.Generation ?? 0, JsonSerializer.Serialize(last?.Origins ?? None), JsonSerializer.Serialize(last?.Sinks ?? None),
                checkpoint.Pending is { } pending ? JsonSerializer.Serialize(pending) : null);
            return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? true : throw Fenced(key, epoch);
        }, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<CheckpointKey, Checkpoint>> ReadAsync(string pipeline, CancellationToken cancellationToken) =>
        source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            SELECT component, source, group_name, partition, {Values} FROM {schema}.checkpoints WHERE pipeline = $1 AND next_offset IS NOT NULL
            """, pipeline);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var checkpoints = new Dictionary<CheckpointKey, Checkpoint>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = new CheckpointKey(pipeline, reader.GetString(0), reader.GetString(1), reader.GetInt32(3)) { Group = reader.GetString(2) };
            checkpoints[key] = Read(reader, 4);
        }
        return (IReadOnlyDictionary<CheckpointKey, Checkpoint>)checkpoints;
    }, cancellationToken);

    /// <inheritdoc />
    public Task DeleteAsync(string pipeline, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"DELETE FROM {schema}.checkpoints WHERE pipeline = $1", pipeline);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    private static Checkpoint Read(NpgsqlDataReader row, int first) => new(row.GetInt64(first),
        new RecordCounters(row.GetInt64(first + 1), row.GetInt64(first + 2), row.GetInt64(first + 3), row.GetInt64(first + 4), row.GetInt64(first + 5))
        {
            Lost = row.GetInt64(first + 6),
        },
        Offsets(row, first + 9))
    {
        Rewinds = row.GetInt32(first + 7),
        Generation = row.GetInt32(first + 8),
        Sinks = Offsets(row, first + 10),
    };

    private static Dictionary<string, long> Offsets(NpgsqlDataReader row, int column) =>
        JsonSerializer.Deserialize<Dictionary<string, long>>(row.GetString(column))!;

    private static FencedException Fenced(CheckpointKey key, long epoch) =>
        new($"{key.Pipeline}/{key.Component}: partition {key.Partition} of {key.Source} belongs to a later epoch than {epoch}");
}
