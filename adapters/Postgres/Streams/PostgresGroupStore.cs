using Conductor.Domain.Streams.Brokers;
using Conductor.Domain.Streams.Groups;
using Npgsql;

namespace Conductor.Postgres.Streams;

/// <summary>Consumer groups in the tables <c>group_members</c> and <c>group_partitions</c>; the database's clock is the group's.</summary>
/// <param name="source">Database.</param>
/// <param name="schema">Schema that <see cref="StreamTables.ApplyAsync"/> was called for.</param>
public sealed class PostgresGroupStore(NpgsqlDataSource source, SchemaName schema) : IGroupStore, IGroupRuns
{
    private readonly GroupStatements _sql = new(schema);

    /// <inheritdoc />
    public Task<GroupShare> HeartbeatAsync(GroupKey group, int partitions, GroupMember member, TimeSpan lease, CancellationToken cancellationToken) =>
        source.UseAsync(async connection =>
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await _sql.LockAsync(connection, group, cancellationToken);
            var members = await _sql.AnnounceAsync(connection, group, member, lease, cancellationToken);
            var held = await _sql.PartitionsAsync(connection, group, partitions, cancellationToken);
            var latest = Math.Max(members.Max(m => m.Run), held.Max(p => p.Run));
            if (latest > member.Run) throw Replaced(group, member);
            var (take, handBack) = Sharing.Decide(member, members, held);
            var leases = await _sql.RenewAsync(connection, group, member, take, lease, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new GroupShare(leases, handBack.ToHashSet());
        }, cancellationToken);

    /// <inheritdoc />
    public Task AnnounceAsync(GroupKey group, GroupMember member, TimeSpan lease, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        var members = await _sql.AnnounceAsync(connection, group, member, lease, cancellationToken);
        return members.Max(m => m.Run) > member.Run ? throw Replaced(group, member) : true;
    }, cancellationToken);

    /// <inheritdoc />
    public Task<PartitionLease> TakeAsync(GroupKey group, int partition, GroupMember member, CancellationToken cancellationToken) =>
        source.UseAsync(async connection =>
        {
            await using var command = connection.Command($"""
                INSERT INTO {schema}.group_partitions AS p (topic, group_name, partition, epoch, run, holder) VALUES ($1, $2, $3, 1, $4, $5)
                ON CONFLICT (topic, group_name, partition) DO UPDATE SET epoch = p.epoch + 1, run = excluded.run, holder = excluded.holder
                WHERE p.run <= excluded.run RETURNING epoch
                """, group.Topic, group.Group, partition, member.Run, member.Name);
            return await command.ExecuteScalarAsync(cancellationToken) is long epoch ? new PartitionLease(partition, epoch) : throw Replaced(group, member);
        }, cancellationToken);

    /// <inheritdoc />
    public Task ReleaseAsync(GroupKey group, PartitionLease lease, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            UPDATE {schema}.group_partitions SET holder = NULL, expires = '-infinity'
            WHERE topic = $1 AND group_name = $2 AND partition = $3 AND epoch = $4
            """, group.Topic, group.Group, lease.Partition, lease.Epoch);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    /// <inheritdoc />
    public Task LeaveAsync(GroupKey group, string member, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            WITH gone AS (DELETE FROM {schema}.group_members WHERE topic = $1 AND group_name = $2 AND member = $3)
            UPDATE {schema}.group_partitions SET holder = NULL, expires = '-infinity' WHERE topic = $1 AND group_name = $2 AND holder = $3
            """, group.Topic, group.Group, member);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    /// <inheritdoc />
    public Task CommitAsync(GroupKey group, PartitionLease lease, long nextOffset, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            UPDATE {schema}.group_partitions SET next_offset = $5, committed = clock_timestamp()
            WHERE topic = $1 AND group_name = $2 AND partition = $3 AND epoch = $4
            """, group.Topic, group.Group, lease.Partition, lease.Epoch, nextOffset);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1 ? true
            : throw new FencedException($"partition {lease.Partition} of {group.Topic} is not held with epoch {lease.Epoch} any more in group {group.Group}");
    }, cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<int, long>> PositionsAsync(GroupKey group, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            SELECT partition, next_offset FROM {schema}.group_partitions WHERE topic = $1 AND group_name = $2 AND next_offset IS NOT NULL
            """, group.Topic, group.Group);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var positions = new Dictionary<int, long>();
        while (await reader.ReadAsync(cancellationToken)) positions[reader.GetInt32(0)] = reader.GetInt64(1);
        return (IReadOnlyDictionary<int, long>)positions;
    }, cancellationToken);

    /// <inheritdoc />
    public Task MoveAsync(GroupKey group, IReadOnlyDictionary<int, long> positions, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await _sql.LockAsync(connection, group, cancellationToken);
        if (await _sql.HasLiveMembersAsync(connection, group, cancellationToken))
            throw new InvalidOperationException($"group {group.Group} on {group.Topic} has live members; stop them before moving it");
        await using var command = connection.Command($"""
            INSERT INTO {schema}.group_partitions (topic, group_name, partition, next_offset, committed)
            SELECT $1, $2, p, o, clock_timestamp() FROM unnest($3::int[], $4::bigint[]) AS t(p, o)
            ON CONFLICT (topic, group_name, partition) DO UPDATE SET next_offset = excluded.next_offset, committed = excluded.committed
            """, group.Topic, group.Group, positions.Keys.ToArray(), positions.Values.ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }, cancellationToken);

    /// <inheritdoc />
    public Task<bool> HasMembersAsync(GroupKey group, CancellationToken cancellationToken) =>
        source.UseAsync(connection => _sql.HasLiveMembersAsync(connection, group, cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<GroupSummary>> GroupsAsync(string topic, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            SELECT g.name, (SELECT count(*) FROM {schema}.group_members m
                WHERE m.topic = $1 AND m.group_name = g.name AND m.expires > clock_timestamp())
            FROM (SELECT group_name FROM {schema}.group_partitions WHERE topic = $1
                UNION SELECT group_name FROM {schema}.group_members WHERE topic = $1) AS g(name)
            ORDER BY g.name
            """, topic);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var groups = new List<GroupSummary>();
        while (await reader.ReadAsync(cancellationToken)) groups.Add(new(reader.GetString(0), (int)reader.GetInt64(1)));
        return (IReadOnlyList<GroupSummary>)groups;
    }, cancellationToken);

    /// <inheritdoc />
    public Task ForgetAsync(string topic, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            WITH gone AS (DELETE FROM {schema}.group_members WHERE topic = $1) DELETE FROM {schema}.group_partitions WHERE topic = $1
            """, topic);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    /// <inheritdoc />
    public Task ForgetAsync(GroupKey group, CancellationToken cancellationToken) => source.UseAsync(async connection =>
    {
        await using var command = connection.Command($"""
            WITH gone AS (DELETE FROM {schema}.group_members WHERE topic = $1 AND group_name = $2)
            DELETE FROM {schema}.group_partitions WHERE topic = $1 AND group_name = $2
            """, group.Topic, group.Group);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }, cancellationToken);

    private static FencedException Replaced(GroupKey group, GroupMember member) =>
        new($"run {member.Run} of group {group.Group} on {group.Topic} has been replaced by a later one");
}
