using System.Diagnostics;
using Conductor.Hosting.Engines;
using Conductor.Postgres.Migrations;
using Npgsql;

namespace Conductor.Postgres.Tests.Kill;

/// <summary>A database, a broker and a consumer process of one's own, to be killed.</summary>
internal sealed class KillBench : IAsyncDisposable
{
    private readonly string _folder;
    private Process? _consumer;

    private KillBench(string folder, PostgresEngine postgres, RabbitMqEngine rabbitMq) => (_folder, Postgres, RabbitMq) = (folder, postgres, rabbitMq);

    public PostgresEngine Postgres { get; }

    public RabbitMqEngine RabbitMq { get; }

    public string Database => Postgres.ConnectionString + ";Database=postgres;Maximum Pool Size=30;Timeout=5";

    public static async Task<KillBench> StartAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "conductor-tests", Guid.NewGuid().ToString("N"));
        var postgres = await EngineAsync(() => PostgresEngine.StartAsync(Path.Combine(folder, "postgres")));
        var rabbitMq = await EngineAsync(() => RabbitMqEngine.StartAsync(Path.Combine(folder, "rabbitmq")));
        var bench = new KillBench(folder, postgres, rabbitMq);
        await using var source = NpgsqlDataSource.Create(bench.Database);
        await Migrator.ApplyMessagingAsync(source, "app");
        await using var command = source.CreateCommand("CREATE TABLE app.entries (id uuid PRIMARY KEY, number integer NOT NULL, what text NOT NULL)");
        await command.ExecuteNonQueryAsync();
        bench.StartConsumer();
        return bench;
    }

    public void StartConsumer()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Conductor.Messaging.Kill")) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["ConnectionStrings__ledger"] = Database;
        start.Environment["RABBITMQ"] = RabbitMq.ConnectionString;
        _consumer = Process.Start(start)!;
        _consumer.OutputDataReceived += (_, _) => { };
        _consumer.BeginOutputReadLine();
    }

    public void KillConsumer()
    {
        _consumer!.HasExited.ShouldBeFalse("the consumer process ended by itself");
        _consumer.Kill();
        _consumer.WaitForExit();
        _consumer.Dispose();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        KillConsumer();
        await RabbitMq.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<T> EngineAsync<T>(Func<Task<T>> start)
    {
        try
        {
            return await start();
        }
        catch (EngineException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
