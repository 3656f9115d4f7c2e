using Conductor.Engines;
using Conductor.Postgres.Migrations;
using Npgsql;

namespace Conductor.Postgres.Tests.Migrations;

[Integration]
public sealed class MigratorTests(PostgresServer postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_instances_at_once_apply_each_file_once()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Migrator.ApplyMessagingAsync(source, "orders", Cancel)));
        (await ScalarAsync(source, "SELECT count(*) FROM orders.migrations")).ShouldBe(4L);
        (await ScalarAsync(source, "SELECT count(*) FROM orders.outbox")).ShouldBe(0L);
    }

    [Fact]
    public async Task Schemas_of_one_database_are_apart()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await Migrator.ApplyMessagingAsync(source, "one", Cancel);
        await Migrator.ApplyMessagingAsync(source, "two", Cancel);
        (await ScalarAsync(source, "SELECT count(*) FROM information_schema.tables WHERE table_name = 'inbox' AND table_schema IN ('one', 'two')"))
            .ShouldBe(2L);
    }

    [Fact]
    public async Task A_file_that_changed_after_it_was_applied_is_refused()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await Migrator.ApplyMessagingAsync(source, "orders", Cancel);
        await ScalarAsync(source, "UPDATE orders.migrations SET checksum = repeat('0', 64) RETURNING 1");
        var error = await Should.ThrowAsync<MigrationException>(() => Migrator.ApplyMessagingAsync(source, "orders", Cancel));
        error.Message.ShouldContain("0001_inbox_and_outbox.sql was changed after it was applied to schema orders");
    }

    [Fact]
    public async Task A_file_that_fails_leaves_nothing_and_says_why()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        var assembly = typeof(MigratorTests).Assembly;
        var error = await Should.ThrowAsync<MigrationException>(
            () => Migrator.ApplyAsync(source, "orders", assembly, "Migrations/Broken", cancellationToken: Cancel));
        error.Message.ShouldContain("0002_fails.sql failed on schema orders: relation \"nowhere\" does not exist");
        (await ScalarAsync(source, "SELECT string_agg(name, ',') FROM orders.migrations")).ShouldBe("0001_works.sql");
        (await ScalarAsync(source, "SELECT to_regclass('orders.half') IS NULL")).ShouldBe(true);
    }

    [Theory]
    [InlineData("Drop")]
    [InlineData("a;b")]
    [InlineData("1a")]
    [InlineData("")]
    public void A_schema_name_that_is_no_plain_identifier_is_refused(string name) =>
        Should.Throw<ArgumentException>(() => new SchemaName(name)).Message.ShouldContain("is not a schema name");

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
