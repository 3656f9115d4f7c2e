using Conductor.Engines;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Tests.Messaging;
using Npgsql;

namespace Conductor.Postgres.Tests.Outbox;

[Integration]
public sealed class OutboxTableTests(PostgresServer postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private readonly OutboxTable _table = new("app");

    [Fact]
    public async Task Rows_are_there_when_the_transaction_commits_and_not_when_it_rolls_back()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await using (var lost = await connection.BeginTransactionAsync(Cancel))
        {
            await _table.InsertAsync(connection, [MessagingDatabase.Message()]);
            await lost.RollbackAsync(Cancel);
        }
        (await source.ScalarAsync("SELECT count(*) FROM app.outbox")).ShouldBe(0L);
        await using var kept = await connection.BeginTransactionAsync(Cancel);
        await _table.InsertAsync(connection, [MessagingDatabase.Message(), MessagingDatabase.Message()]);
        await kept.CommitAsync(Cancel);
        (await source.ScalarAsync("SELECT count(*) FROM app.outbox WHERE body = '\\x010200ff'")).ShouldBe(2L);
    }

    [Fact]
    public async Task A_due_time_is_kept_to_the_millisecond_by_the_databases_clock_and_a_lease_only_holds_what_is_due()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        await using var connection = await source.OpenConnectionAsync(Cancel);
        var due = DateTimeOffset.UtcNow.AddSeconds(5);
        await _table.InsertAsync(connection, [MessagingDatabase.Message(due: due), MessagingDatabase.Message()], TimeSpan.FromSeconds(30));
        (await source.ScalarAsync("SELECT extract(epoch FROM due)::float8 FROM app.outbox ORDER BY position LIMIT 1")).ShouldBeOfType<double>()
            .ShouldBe(due.ToUnixTimeMilliseconds() / 1000.0, 0.2);
        (await source.ScalarAsync("SELECT string_agg(extract(epoch FROM available - due)::int::text, ',' ORDER BY position) FROM app.outbox")).ShouldBe("0,30");
    }

    [Fact]
    public async Task A_token_cancels_its_message_and_no_other()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        await using var connection = await source.OpenConnectionAsync(Cancel);
        var token = Guid.NewGuid();
        var due = DateTimeOffset.UtcNow.AddMinutes(1);
        await _table.InsertAsync(connection, [MessagingDatabase.Message(due: due, token: token), MessagingDatabase.Message(due: due, token: Guid.NewGuid())]);
        await using var batch = new NpgsqlBatch(connection);
        _table.AddCancel(batch, [token]);
        (await batch.ExecuteNonQueryAsync(Cancel)).ShouldBe(1);
        (await source.ScalarAsync("SELECT count(*) FROM app.outbox")).ShouldBe(1L);
    }

    [Fact]
    public async Task Insertion_is_one_statement_however_many_rows()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        await using var connection = await source.OpenConnectionAsync(Cancel);
        await using var batch = new NpgsqlBatch(connection);
        _table.AddInsert(batch, [.. Enumerable.Range(0, 1000).Select(_ => MessagingDatabase.Message())]);
        batch.BatchCommands.Count.ShouldBe(1);
        (await batch.ExecuteNonQueryAsync(Cancel)).ShouldBe(1000);
    }
}
