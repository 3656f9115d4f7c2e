using Conductor.Engines;
using Conductor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

[assembly: AssemblyFixture(typeof(Conductor.Workflows.Tests.Plans.ManyExecutions))]

namespace Conductor.Workflows.Tests.Plans;

/// <summary>
/// The service with 100,000 executions that have ended and 2,000 under way. Every statement that it sends is prepared, so that it can be found.
/// </summary>
public sealed class ManyExecutions : IAsyncDisposable
{
    internal const int Ended = 100_000;
    internal const int Open = 2_000;
    private readonly WorkflowsServer _server = new(new PostgresServer(), ";Max Auto Prepare=1000;Auto Prepare Min Usages=1");
    private readonly SemaphoreSlim _filling = new(1);
    private bool _isFilled;

    /// <summary>The database.</summary>
    public string Database => _server.Database;

    /// <summary>The service's own connections.</summary>
    public NpgsqlDataSource Connections => _server.Services.GetRequiredKeyedService<NpgsqlDataSource>("workflows");

    /// <summary>A client of the service, once all of it is there.</summary>
    public async Task<HttpClient> ClientAsync()
    {
        var client = await _server.ClientAsync();
        await _filling.WaitAsync();
        try
        {
            if (!_isFilled) await FillAsync(client);
            _isFilled = true;
            return client;
        }
        finally
        {
            _filling.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _filling.Dispose();
    }

    private async Task FillAsync(HttpClient client)
    {
        await client.RegisterSequenceAsync("template", "template_a", "template_b");
        var (ended, open) = (await client.StartAsync("template", new { v = 1 }), await client.StartAsync("template", new { v = 2 }));
        foreach (var type in new[] { "template_a", "template_b" })
            await client.TextAsync(HttpMethod.Post, $"/api/tasks/{ended}/{type}/COMPLETED", new { v = 1 });
        await using var source = NpgsqlDataSource.Create(Database + ";Command Timeout=300");
        await FillAsync(source, CopiedExecutions.Ended, ended, Ended);
        await FillAsync(source, CopiedExecutions.Open, open, Open);
        foreach (var sql in Others) await source.CreateCommand(sql).ExecuteNonQueryAsync();
    }

    private static async Task FillAsync(NpgsqlDataSource source, string sql, string template, long count)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in new object[] { Guid.Parse(template), 1L, count, count }) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }

    // What else grows with the number of executions, or of what they do.
    private static readonly string[] Others =
    [
        "INSERT INTO workflows.idempotency_keys (workflow, key, execution) SELECT 'template', 'key-' || n, gen_random_uuid() FROM generate_series(1, 50000) n",
        """
        INSERT INTO workflows.task_logs (task_id, created_at, line)
        SELECT gen_random_uuid(), now(), 'line' FROM generate_series(1, 50000)
        """,
        """
        INSERT INTO workflows.timers (token, workflow_id, purpose, due)
        SELECT gen_random_uuid(), gen_random_uuid(), 'WorkflowTimeout', now() + interval '1 day' FROM generate_series(1, 2000)
        """,
        "INSERT INTO workflows.hand_outs (task_type, at) SELECT 'template_' || n % 100, clock_timestamp() FROM generate_series(1, 5000) n",
        """
        INSERT INTO workflows.counted_tasks (task_id, workflow_id, queue, on_bus, limited, counted_at)
        SELECT t.id, t.workflow_id, 'history_' || row_number() OVER () % 50, row_number() OVER () % 2 = 0, 'history_' || row_number() OVER () % 50, now()
        FROM (SELECT id, workflow_id FROM workflows.tasks WHERE status = 'SCHEDULED' LIMIT 1500) t
        """,
        "INSERT INTO workflows.inbox (consumer_id, message_id) SELECT gen_random_uuid(), gen_random_uuid() FROM generate_series(1, 20000)",
        "INSERT INTO workflows.snapshots (hash, body) SELECT md5(n::text), '{}' FROM generate_series(1, 2000) n",
        "INSERT INTO workflows.workflow_definitions (name, version, body) SELECT 'name_' || n / 4, n % 4 + 1, '{}' FROM generate_series(1, 2000) n",
        "INSERT INTO workflows.task_definitions (name, body) SELECT 'name_' || n, '{\"name\":\"n\"}' FROM generate_series(1, 2000) n",
        "VACUUM ANALYZE",
    ];
}
