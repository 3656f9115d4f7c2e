using Conductor.Engines;
using Conductor.Postgres.Migrations;
using Conductor.Postgres.Outbox;
using Npgsql;

namespace Conductor.Postgres.Tests.Messaging;

/// <summary>A database with an inbox and an outbox in the schema <c>app</c>.</summary>
internal static class MessagingDatabase
{
    public static async Task<NpgsqlDataSource> CreateAsync(PostgresServer postgres)
    {
        var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await Migrator.ApplyMessagingAsync(source, "app", TestContext.Current.CancellationToken);
        return source;
    }

    public static async Task<object?> ScalarAsync(this NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }

    public static async Task<int> InsertAsync(
        this OutboxTable table, NpgsqlConnection connection, IReadOnlyList<OutboxMessage> messages, TimeSpan? lease = null)
    {
        await using var batch = new NpgsqlBatch(connection);
        table.AddInsert(batch, messages, lease);
        return await batch.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    public static OutboxMessage Message(string destination = "queue:nowhere", DateTimeOffset? due = null, Guid? token = null) => new()
    {
        Id = Guid.CreateVersion7(),
        MessageId = Guid.NewGuid(),
        Destination = destination,
        ContentType = "application/json",
        Body = [1, 2, 0, 255],
        Envelope = """{"types":["urn:message:x"]}""",
        Due = due,
        Token = token,
    };
}
