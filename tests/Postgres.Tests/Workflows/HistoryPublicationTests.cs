using Conductor.Engines;
using Conductor.Postgres.Migrations;
using Conductor.Postgres.Workflows;
using Conductor.Postgres.Workflows.Publication;
using Conductor.Testing;
using Npgsql;

namespace Conductor.Postgres.Tests.Workflows;

[Integration]
public sealed class HistoryPublicationTests(PostgresServer postgres)
{
    private const string Topic = "executions";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_transaction_under_way_may_still_write_comes_before_what_began_later()
    {
        await using var source = await CreateAsync();
        await using var early = await source.OpenConnectionAsync(Cancel);
        await using var transaction = await early.BeginTransactionAsync(Cancel);
        await WriteAsync(early, number: 1);
        await using (var late = await source.OpenConnectionAsync(Cancel)) await WriteAsync(late, number: 2);
        (await NextAsync(source)).ShouldBeEmpty();
        await transaction.CommitAsync(Cancel);
        await PublishedAreAsync(source, [1, 2]);
        (await NextAsync(source)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_not_committed_comes_again_and_only_one_publishes_at_a_time()
    {
        await using var source = await CreateAsync();
        await using var connection = await source.OpenConnectionAsync(Cancel);
        for (var number = 1; number <= 5; number++) await WriteAsync(connection, number);
        var publication = new HistoryPublication(source);
        await Eventually.BecomesAsync(async () =>
        {
            await using var first = await publication.BeginAsync(Topic, 3, Cancel);
            (await publication.BeginAsync(Topic, 3, Cancel)).ShouldBeNull();
            return Numbers(first!);
        }, numbers => numbers.SequenceEqual([1, 2, 3]));
        await PublishedAreAsync(source, [1, 2, 3], most: 3);
        await PublishedAreAsync(source, [4, 5], most: 3);
    }

    [Fact]
    public async Task In_a_database_that_was_restored_transactions_are_numbered_anew_and_nothing_is_left_out()
    {
        await using var source = await CreateAsync();
        await using var connection = await source.OpenConnectionAsync(Cancel);
        for (var number = 1; number <= 3; number++) await WriteAsync(connection, number);
        await PublishedAreAsync(source, [1, 2], most: 1);
        // As it was on a server that had counted further: one event that was published long ago, one that was not.
        await ExecuteAsync(connection, """
            UPDATE workflows.history SET tx = (1000000000 + number)::text::xid8, at = at - CASE number WHEN 1 THEN interval '1 day' ELSE '0' END
            """);
        await ExecuteAsync(connection, "UPDATE workflows.publications SET tx = '1000000002'");
        await WriteAsync(connection, 4);
        (await new HistoryPublication(source).BeginAsync(Topic, 100, Cancel)).ShouldBeNull();
        await PublishedAreAsync(source, [2, 3, 4]);
        await WriteAsync(connection, 5);
        await PublishedAreAsync(source, [5]);
    }

    // The server has databases of other tests, and their transactions under way hold back what is published here for a while.
    private static async Task PublishedAreAsync(NpgsqlDataSource source, int[] expected, int most = 100)
    {
        var published = new List<int>();
        await Eventually.BecomesAsync(async () =>
        {
            if (published.Count < expected.Length) published.AddRange(await NextAsync(source, most));
            return published;
        }, numbers => numbers.Count >= expected.Length);
        published.ShouldBe(expected);
    }

    private static async Task<int[]> NextAsync(NpgsqlDataSource source, int most = 100)
    {
        await using var next = await new HistoryPublication(source).BeginAsync(Topic, most, Cancel);
        if (next!.Events.Count > 0) await next.CommitAsync(Cancel);
        return Numbers(next);
    }

    private static int[] Numbers(UnpublishedHistory next) => [.. next.Events.Select(e => e.Position.Number)];

    private async Task<NpgsqlDataSource> CreateAsync()
    {
        var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await Migrator.ApplyAsync(source, WorkflowTables.Schema, typeof(WorkflowTables).Assembly, "Workflows/Migrations", cancellationToken: Cancel);
        return source;
    }

    // Of executions that are there: what is kept of others goes once it is published.
    private static async Task WriteAsync(NpgsqlConnection connection, int number)
    {
        var id = new Guid(number, 0, 0, new byte[8]);
        await ExecuteAsync(connection, $"""
            INSERT INTO workflows.instances (id, version, priority, created_at, name, definition_hash, input, lifecycle, status, state, next_event, updated_at)
            VALUES ('{id}', 1, 0, now(), 'n', 'h', '', '', 'RUNNING', '', 2, now());
            INSERT INTO workflows.history (workflow_id, number, at, events) VALUES ('{id}', {number}, clock_timestamp(), '[["WorkflowStarted"]]')
            """);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }
}
