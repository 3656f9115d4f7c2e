using Conductor.Engines;
using Conductor.Postgres.Outbox;
using Conductor.Postgres.Outbox.Delivery;
using Conductor.Postgres.Tests.Messaging;

namespace Conductor.Postgres.Tests.Outbox;

[Integration]
public sealed class CrowdedTests(PostgresServer postgres)
{
    private const int Backlog = 20_000;

    [Fact]
    public async Task The_backlog_of_a_destination_without_room_is_not_read_for_the_others()
    {
        await using var source = await MessagingDatabase.CreateAsync(postgres);
        await using (var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            var table = new OutboxTable("app");
            await table.InsertAsync(connection, [.. Enumerable.Range(0, Backlog).Select(_ => MessagingDatabase.Message("exchange:crowded"))]);
            await table.InsertAsync(connection, [MessagingDatabase.Message("exchange:free"), MessagingDatabase.Message("exchange:also-free")]);
        }
        await source.ScalarAsync("ANALYZE app.outbox");
        var claims = new OutboxClaims(source, new OutboxOptions { Schema = "app", BatchSize = 100 });
        var before = await ReadAsync(source);
        var (items, next) = await claims.ClaimAsync(["exchange:crowded"], TestContext.Current.CancellationToken);
        items.Select(i => i.Message.Destination).ShouldBe(["exchange:free", "exchange:also-free"], ignoreOrder: true);
        next.ShouldBeGreaterThan(TimeSpan.FromSeconds(1));
        (await ReadAsync(source) - before).ShouldBeLessThan(1000);
        (await claims.ClaimAsync([], TestContext.Current.CancellationToken)).Items.Count.ShouldBe(100);
    }

    // Rows of the table and entries of its indices that statements have read.
    private static async Task<long> ReadAsync(Npgsql.NpgsqlDataSource source)
    {
        await source.ScalarAsync("SELECT pg_stat_force_next_flush()");
        return (long)(await source.ScalarAsync("""
            SELECT (SELECT coalesce(seq_tup_read, 0) FROM pg_stat_user_tables WHERE relname = 'outbox')
                + (SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes WHERE relname = 'outbox')
            """))!;
    }
}
