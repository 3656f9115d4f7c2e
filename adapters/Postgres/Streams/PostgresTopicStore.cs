using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Npgsql;

namespace Conductor.Postgres.Streams;

/// <summary>Topics in the table <c>topics</c>.</summary>
/// <param name="source">Database.</param>
/// <param name="schema">Schema that <see cref="StreamTables.ApplyAsync"/> was called for.</param>
public sealed class PostgresTopicStore(NpgsqlDataSource source, SchemaName schema) : ITopicStore
{
    private const string Columns = "name, partitions, retain_for, retain_bytes";

    /// <inheritdoc />
    public Task<TopicSpecification> EnsureAsync(TopicSpecification topic, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            INSERT INTO {schema}.topics AS t ({Columns}) VALUES ($1, $2, $3, $4)
            ON CONFLICT (name) DO UPDATE SET partitions = greatest(t.partitions, excluded.partitions)
            RETURNING {Columns}
            """, topic.Name, topic.Partitions, topic.RetainFor, topic.RetainBytes);
        return (await ReadAsync(command, cancellationToken))!;
    }, cancellationToken);

    /// <inheritdoc />
    public Task<TopicSpecification?> FindAsync(string topic, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"SELECT {Columns} FROM {schema}.topics WHERE name = $1", topic);
        return await ReadAsync(command, cancellationToken);
    }, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<TopicSpecification>> ListAsync(CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"SELECT {Columns} FROM {schema}.topics ORDER BY name");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var topics = new List<TopicSpecification>();
        while (await reader.ReadAsync(cancellationToken)) topics.Add(Read(reader));
        return (IReadOnlyList<TopicSpecification>)topics;
    }, cancellationToken);

    /// <inheritdoc />
    public Task RemoveAsync(string topic, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"DELETE FROM {schema}.topics WHERE name = $1", topic);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    /// <inheritdoc />
    public Task<int> GenerationOfAsync(string topic, int partition, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command(
            $"SELECT generation FROM {schema}.partition_generations WHERE topic = $1 AND partition = $2", topic, partition);
        return await command.ExecuteScalarAsync(cancellationToken) as int? ?? 0;
    }, cancellationToken);

    /// <inheritdoc />
    public Task BeginGenerationAsync(string topic, int partition, int seen, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            INSERT INTO {schema}.partition_generations AS g (topic, partition, generation) VALUES ($1, $2, $3 + 1)
            ON CONFLICT (topic, partition) DO UPDATE SET generation = excluded.generation WHERE g.generation = $3
            """, topic, partition, seen);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    private static async Task<TopicSpecification?> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }

    private static TopicSpecification Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.IsDBNull(2) ? null : row.GetTimeSpan(2), row.IsDBNull(3) ? null : row.GetInt64(3));
}
