using Conductor.AppHost.Engines;
using Conductor.Engines;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace Conductor.AppHost.Tests.Engines;

[Integration]
public sealed class EngineScriptTests(PostgresServer postgres, RabbitMqServer rabbitMq)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_private_PostgreSQL_starts_and_answers() =>
        (await PostgresCheck.ProblemAsync(await postgres.CreateDatabaseAsync(), Stop)).ShouldBeNull();

    [Fact]
    public async Task A_private_RabbitMQ_starts_and_answers() =>
        (await RabbitMqCheck.ProblemAsync(rabbitMq.ConnectionString, Stop)).ShouldBeNull();

    [Fact]
    public async Task A_wrong_password_is_told_with_the_server_and_without_the_password()
    {
        var given = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Password = "not-this-one" };
        var problem = (await PostgresCheck.ProblemAsync(given.ConnectionString, Stop)).ShouldNotBeNull();
        problem.ShouldContain($"{given.Host}:{given.Port}");
        problem.ShouldContain("password authentication failed");
        problem.ShouldNotContain("not-this-one");
        var broker = new UriBuilder(rabbitMq.ConnectionString) { Password = "not-this-one" };
        var refused = (await RabbitMqCheck.ProblemAsync(broker.Uri.ToString(), Stop)).ShouldNotBeNull();
        refused.ShouldContain($"{broker.Host}:{broker.Port}");
        refused.ShouldNotContain("not-this-one");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_within_seconds()
    {
        var started = TimeProvider.System.GetTimestamp();
        (await PostgresCheck.ProblemAsync("Host=127.0.0.1;Port=1;Username=u;Password=p", Stop)).ShouldNotBeNull().ShouldContain("127.0.0.1:1");
        (await RabbitMqCheck.ProblemAsync("amqp://u:p@127.0.0.1:1", Stop)).ShouldNotBeNull().ShouldContain("127.0.0.1:1");
        (await ExistingServers.KafkaProblemAsync("127.0.0.1:1", Stop)).ShouldNotBeNull().ShouldContain("127.0.0.1:1");
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_database_is_made_once()
    {
        var server = new NpgsqlConnectionStringBuilder(await postgres.CreateDatabaseAsync()) { Database = null, Pooling = false }.ConnectionString;
        var name = "strange \"name\" " + Guid.NewGuid().ToString("N");
        await PostgresCheck.CreateDatabaseAsync(server, name, Stop);
        await PostgresCheck.CreateDatabaseAsync(server, name, Stop);
        (await PostgresCheck.ProblemAsync(new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task A_server_whose_main_process_was_killed_under_a_long_statement_starts_again_at_once()
    {
        using var folder = new TemporaryFolder();
        PostgresEngine? engine = null;
        try
        {
            engine = await PostgresEngine.StartAsync(Path.Combine(folder.Path, "postgres"), cancellationToken: Stop);
        }
        catch (EngineException e)
        {
            Assert.Skip(e.Message);
        }
        await using var owned = engine;
        await using var connection = new NpgsqlConnection(engine.ConnectionString + ";Database=postgres;Pooling=false;Command Timeout=60");
        await connection.OpenAsync(Stop);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM generate_series(1, 10000000000)", connection);
        var running = command.ExecuteScalarAsync(Stop);
        await engine.KillMainProcessAsync(Stop);
        await Should.ThrowAsync<NpgsqlException>(running);

        await engine.StartAsync(Stop);

        (await PostgresCheck.ProblemAsync(engine.ConnectionString, Stop)).ShouldBeNull();
    }
}
