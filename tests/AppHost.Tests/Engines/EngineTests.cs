using Conductor.Engines;
using Conductor.Hosting.Engines;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace Conductor.AppHost.Tests.Engines;

[Integration]
public sealed class EngineTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    [Fact]
    public async Task A_private_PostgreSQL_starts_and_answers()
    {
        await using var source = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await using var command = source.CreateCommand("SELECT 1");
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(1);
    }

    [Fact]
    public async Task A_private_RabbitMQ_starts_and_answers() =>
        (await AmqpProbe.AnswersAsync(new Uri(rabbitMq.ConnectionString).Port, TestContext.Current.CancellationToken)).ShouldBeTrue();
}
