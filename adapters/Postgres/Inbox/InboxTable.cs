using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Inbox;

/// <summary>The table <c>inbox</c> of a schema, in the caller's transaction: which messages a consumer has already consumed.</summary>
internal sealed class InboxTable(SchemaName schema)
{
    // Sorted, so that two transactions that claim the same messages do not wait for each other in a circle.
    private readonly string _claim = $"""
        INSERT INTO {schema}.inbox (consumer_id, message_id) SELECT $1, m FROM unnest($2) AS m ORDER BY m
        ON CONFLICT DO NOTHING RETURNING message_id
        """;

    /// <summary>
    /// Claims messages for a consumer: returns those that are new. A message that another transaction is consuming right now makes
    /// this wait for its end: it is new if that one rolls back.
    /// </summary>
    /// <param name="transaction">The transaction of the message's effects; the claim is undone with it.</param>
    /// <param name="consumerId">Who consumes; every consumer of a message has its own.</param>
    /// <param name="messageIds">Ids of the messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<HashSet<Guid>> ClaimAsync(
        NpgsqlTransaction transaction, Guid consumerId, IReadOnlyCollection<Guid> messageIds, CancellationToken cancellationToken = default)
    {
        await using var command = new NpgsqlCommand(_claim, transaction.Connection, transaction)
        {
            Parameters =
            {
                new() { Value = consumerId }, new() { Value = messageIds.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new HashSet<Guid>();
        while (await reader.ReadAsync(cancellationToken)) claimed.Add(reader.GetGuid(0));
        return claimed;
    }
}
