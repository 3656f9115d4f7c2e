using System.Text.Json;
using Conductor.Domain.Recoverability.Retrying;
using Npgsql;

namespace Conductor.Postgres.Recoverability;

/// <summary>
/// Retries and what has become of their messages. Every change is one transaction on the retry's own row, so that two who decide wait for each other.
/// </summary>
/// <param name="source">Database.</param>
/// <param name="schema">Schema that <see cref="FailureTables.ApplyAsync"/> was called for.</param>
public sealed class RetryStore(NpgsqlDataSource source, SchemaName schema)
{
    private const string Columns = """
        r.id, r.state, r.scope, r.requested_by, r.reason, r.cut_off, r.requested_at, r.finished_at,
        i.dispatched, i.confirmed, i.failed_again, i.skipped, i.last_dispatched_at
        """;

    private string From => $"""
        {schema}.retries r CROSS JOIN LATERAL (
            SELECT count(*) FILTER (WHERE outcome IN (1, 2, 3))::int AS dispatched, count(*) FILTER (WHERE outcome = 2)::int AS confirmed,
                count(*) FILTER (WHERE outcome = 3)::int AS failed_again, count(*) FILTER (WHERE outcome = 4)::int AS skipped,
                max(dispatched_at) AS last_dispatched_at
            FROM {schema}.retry_items WHERE retry_id = r.id) i
        """;

    /// <summary>Claims the messages of a request and begins their retry. What another retry has claimed is left to that one.</summary>
    /// <param name="id">Id of the new retry.</param>
    /// <param name="request">Who asks, and of what.</param>
    /// <param name="plan">How it is to go, given how many messages were claimed.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up; nothing has begun then.</param>
    /// <exception cref="RetryRefusedException">There is nothing to retry, or the plan makes no sense.</exception>
    public async Task<RetryState> BeginAsync(
        Guid id, RetryRequest request, Func<int, RetryPlan> plan, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var made = connection.Command($"""
            INSERT INTO {schema}.retries (id, status, state, scope, requested_by, reason, cut_off, requested_at) VALUES ($1, 0, 'null', $2, $3, $4, $5, $6)
            """, id, request.Scope, request.RequestedBy, request.Reason, request.CutOff.ToUniversalTime(), now))
            await made.ExecuteNonQueryAsync(cancellationToken);
        var total = await RetryClaims.ClaimAsync(connection, schema, (id, request), now, cancellationToken);
        var state = After(RetryState.Initial, new RetryCommand.Begin(plan(total)));
        await SaveAsync(connection, id, state, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return state;
    }

    /// <summary>A retry, or null.</summary>
    public async Task<StoredRetry?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return await FindAsync(connection, id, cancellationToken);
    }

    /// <summary>All retries that nobody has acknowledged yet, the first first.</summary>
    public async Task<IReadOnlyList<StoredRetry>> OpenAsync(CancellationToken cancellationToken)
    {
        await using var command = source.Command($"SELECT {Columns} FROM {From} WHERE r.acknowledged_at IS NULL ORDER BY r.requested_at, r.id");
        return await command.ReadAllAsync(Read, cancellationToken);
    }

    /// <summary>Has a retry do something.</summary>
    /// <returns>Its state afterwards; null when there is none of that id.</returns>
    /// <exception cref="RetryRefusedException">It cannot be done in its state.</exception>
    public async Task<RetryState?> DoAsync(Guid id, RetryCommand command, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RetryClaims.LockAsync(connection, schema, id, cancellationToken) is not { } state) return null;
        var next = After(state, command);
        if (next == state) return state;
        if (next.Status == RetryStatus.Cancelled)
            await RetryClaims.SkipAsync(connection, schema, (id, Messages: null, next.Reason ?? "cancelled"), now, cancellationToken);
        await SaveAsync(connection, id, next, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return next;
    }

    /// <summary>The consumers have consumed these: their failures are resolved.</summary>
    public async Task ConfirmAsync(IReadOnlyCollection<Guid> messages, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = source.Command($"""
            WITH confirmed AS (
                UPDATE {schema}.retry_items SET outcome = 2, judged_at = $2 WHERE message_id = ANY($1) AND outcome < 2 RETURNING message_id)
            UPDATE {schema}.failed_messages f SET state = 2, changed_at = $2 FROM confirmed WHERE f.id = confirmed.message_id AND f.state = 1
            """, messages.ToArray(), now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Sends the next messages of a retry, in the order in which they failed first, as many as its state has room for.</summary>
    /// <param name="id">The retry.</param>
    /// <param name="most">Messages at most.</param>
    /// <param name="send">Sends them; for each null once a broker has it, or why it could not be sent. What it throws leaves them waiting.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many were sent or skipped.</returns>
    public async Task<int> DispatchAsync(
        Guid id, int most, Func<IReadOnlyList<StoredFailure>, Task<IReadOnlyList<string?>>> send, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await RetryClaims.LockAsync(connection, schema, id, cancellationToken) is not { } state) return 0;
        var progress = (await FindAsync(connection, id, cancellationToken))!.Progress;
        var waiting = await RetryClaims.WaitingAsync(connection, schema, id, Math.Min(most, state.Room(progress)), cancellationToken);
        if (waiting.Count == 0) return 0;
        var refusals = await send(waiting);
        await RetryClaims.DispatchedAsync(connection, schema, id, [.. Of(refusal => refusal is null)], now, cancellationToken);
        foreach (var refused in refusals.OfType<string>().Distinct())
            await RetryClaims.SkipAsync(connection, schema, (id, [.. Of(refusal => refusal == refused)], refused), now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return waiting.Count;

        IEnumerable<Guid> Of(Func<string?, bool> isOne) => waiting.Where((_, i) => isOne(refusals[i])).Select(failure => failure.Summary.Id);
    }

    /// <summary>Somebody has seen how it ended.</summary>
    /// <returns>False when it has not ended, or is not there.</returns>
    public async Task<bool> AcknowledgeAsync(Guid id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            $"UPDATE {schema}.retries SET acknowledged_at = coalesce(acknowledged_at, $2) WHERE id = $1 AND finished_at IS NOT NULL", id, now);
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private async Task<StoredRetry?> FindAsync(NpgsqlConnection connection, Guid id, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"SELECT {Columns} FROM {From} WHERE r.id = $1", id);
        return (await command.ReadAllAsync(Read, cancellationToken)).SingleOrDefault();
    }

    private async Task SaveAsync(NpgsqlConnection connection, Guid id, RetryState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = connection.Command($"""
            UPDATE {schema}.retries SET status = $2, state = $3::jsonb, finished_at = CASE WHEN $4 THEN $5::timestamptz END WHERE id = $1
            """, id, (short)state.Status, JsonSerializer.Serialize(state), state.Status is RetryStatus.Done or RetryStatus.Cancelled, now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static RetryState After(RetryState state, RetryCommand command) => RetryDecider.Decide(state, command).Aggregate(state, RetryDecider.Evolve);

    private static StoredRetry Read(NpgsqlDataReader row) => new(row.GetGuid(0), JsonSerializer.Deserialize<RetryState>(row.GetString(1))!,
        new RetryProgress(row.GetInt32(8), row.GetInt32(9), row.GetInt32(10), row.GetInt32(11)),
        new RetryRequest(new FailureFilter(), Messages: null, row.GetFieldValue<DateTimeOffset>(5), row.GetString(2), row.GetString(3),
            row.IsDBNull(4) ? null : row.GetString(4)),
        row.GetFieldValue<DateTimeOffset>(6), TimeIn(row, 12), TimeIn(row, 7));

    private static DateTimeOffset? TimeIn(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
