using Conductor.Domain.Streams.Groups;
using Npgsql;

namespace Conductor.Postgres.Streams;

/// <summary>The statements of a heartbeat, in the order of their use in one transaction.</summary>
internal sealed class GroupStatements(SchemaName schema)
{
    /// <summary>Lets one member of a group at a time look and take.</summary>
    public async Task LockAsync(NpgsqlConnection connection, GroupKey group, CancellationToken cancellationToken)
    {
        await using var command = connection.Command("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", $"{schema}/{group.Topic}/{group.Group}");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes down that the member lives, forgets those that do not, and returns the rest.</summary>
    public async Task<List<GroupMember>> AnnounceAsync(
        NpgsqlConnection connection, GroupKey group, GroupMember member, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"""
            WITH gone AS (
                DELETE FROM {schema}.group_members WHERE topic = $1 AND group_name = $2 AND member <> $3 AND expires <= clock_timestamp()),
            me AS (
                INSERT INTO {schema}.group_members (topic, group_name, member, run, expires) VALUES ($1, $2, $3, $4, clock_timestamp() + $5)
                ON CONFLICT (topic, group_name, member) DO UPDATE SET run = excluded.run, expires = excluded.expires)
            SELECT member, run FROM {schema}.group_members WHERE topic = $1 AND group_name = $2 AND member <> $3 AND expires > clock_timestamp()
            UNION ALL SELECT $3, $4
            """, group.Topic, group.Group, member.Name, member.Run, lease);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var members = new List<GroupMember>();
        while (await reader.ReadAsync(cancellationToken)) members.Add(new(reader.GetString(0), reader.GetInt64(1)));
        return members;
    }

    /// <summary>Every partition of the topic; a holder whose lease has run out counts as none.</summary>
    public async Task<List<HeldPartition>> PartitionsAsync(NpgsqlConnection connection, GroupKey group, int partitions, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"""
            SELECT n, coalesce(p.epoch, 0), CASE WHEN p.expires > clock_timestamp() THEN p.holder END, coalesce(p.run, 0)
            FROM generate_series(0, $3 - 1) AS n
            LEFT JOIN {schema}.group_partitions p ON p.topic = $1 AND p.group_name = $2 AND p.partition = n ORDER BY n
            """, group.Topic, group.Group, partitions);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var held = new List<HeldPartition>();
        while (await reader.ReadAsync(cancellationToken))
            held.Add(new(reader.GetInt32(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetInt64(3)));
        return held;
    }

    /// <summary>Takes partitions with a new epoch, renews those held, and returns all of them.</summary>
    public async Task<List<PartitionLease>> RenewAsync(
        NpgsqlConnection connection, GroupKey group, GroupMember member, IReadOnlyList<int> take, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"""
            WITH taken AS (
                INSERT INTO {schema}.group_partitions AS p (topic, group_name, partition, epoch, run, holder, expires)
                SELECT $1, $2, n, 1, $4, $3, clock_timestamp() + $5 FROM unnest($6::int[]) AS n
                ON CONFLICT (topic, group_name, partition) DO UPDATE
                SET epoch = p.epoch + 1, run = excluded.run, holder = excluded.holder, expires = excluded.expires
                RETURNING partition, epoch),
            kept AS (
                UPDATE {schema}.group_partitions SET expires = clock_timestamp() + $5
                WHERE topic = $1 AND group_name = $2 AND holder = $3 AND expires > clock_timestamp() AND NOT partition = ANY($6)
                RETURNING partition, epoch)
            SELECT partition, epoch FROM taken UNION ALL SELECT partition, epoch FROM kept ORDER BY 1
            """, group.Topic, group.Group, member.Name, member.Run, lease, take.ToArray());
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var leases = new List<PartitionLease>();
        while (await reader.ReadAsync(cancellationToken)) leases.Add(new(reader.GetInt32(0), reader.GetInt64(1)));
        return leases;
    }

    public async Task<bool> HasLiveMembersAsync(NpgsqlConnection connection, GroupKey group, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            $"SELECT EXISTS (SELECT FROM {schema}.group_members WHERE topic = $1 AND group_name = $2 AND expires > clock_timestamp())",
            group.Topic, group.Group);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
