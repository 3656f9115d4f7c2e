using System.Diagnostics;
using Conductor.Engines;
using Conductor.Postgres.Migrations;
using Conductor.Postgres.Tests.Messaging;
using Npgsql;

namespace Conductor.Postgres.Tests.Kill;

/// <summary>A database, a broker and a consumer process of one's own, to be killed.</summary>
internal sealed class KillBench : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Queue<string> _lines = new();
    private Process? _consumer;

    /// <summary>How often the consumer has ended by itself.</summary>
    public int Restarts { get; private set; }

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
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Conductor.Messaging.Kill"))
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        };
        start.Environment["ConnectionStrings__ledger"] = Database;
        start.Environment["ConnectionStrings__rabbitmq"] = RabbitMq.ConnectionString;
        _consumer = Process.Start(start)!;
        _consumer.OutputDataReceived += (_, line) => Keep(line.Data);
        _consumer.BeginOutputReadLine();
    }

    /// <summary>Does what a supervisor does: starts the consumer again when it has ended by itself.</summary>
    public void Supervise()
    {
        if (!_consumer!.HasExited) return;
        _consumer.ExitCode.ShouldBe(70, "ended because its consumers had lost the broker");
        _consumer.Dispose();
        Restarts++;
        StartConsumer();
    }

    public void KillConsumer()
    {
        Supervise();
        _consumer!.Kill();
        _consumer.WaitForExit();
        _consumer.Dispose();
    }

    public async Task<long> CountAsync(string sql) => (long)(await ScalarAsync(sql))!;

    private async Task<string> TextAsync(string sql) => (await ScalarAsync(sql))?.ToString() ?? "";

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Where missing messages are.</summary>
    public async Task<string> DiagnoseAsync(string what)
    {
        var rows = await TextAsync(
            "SELECT string_agg(destination || ' attempts ' || attempts || ' available ' || available || ' ' || coalesce(poison, ''), E'\n') FROM (SELECT * "
                + "FROM app.outbox LIMIT 10) o");
        var missing = await TextAsync(
            $"SELECT string_agg(n::text, ',') FROM (SELECT n FROM generate_series(0, (SELECT max(number) FROM app.entries)) n WHERE NOT EXISTS (SELECT 1 "
                + $"FROM app.entries WHERE number = n AND what = '{what}') LIMIT 20) m");
        var inbox = await TextAsync("SELECT count(*)::text FROM app.inbox");
        var queues = await Broker.DepthsAsync(RabbitMq.ConnectionString, "transfer", "transferred", "transfer-reviewed", "transfer_error", "transferred_error",
            "transfer-reviewed_error", "transfer_skipped");
        lock (_lines) return $"missing {missing}; inbox {inbox}; outbox:\n{rows}\nqueues: {queues}\nconsumer:\n{string.Join('\n', _lines)}";
    }

    public async ValueTask DisposeAsync()
    {
        KillConsumer();
        await RabbitMq.DisposeAsync();
        await Postgres.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private void Keep(string? line)
    {
        lock (_lines)
        {
            if (line is not null) _lines.Enqueue(line);
            while (_lines.Count > 60) _lines.Dequeue();
        }
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
