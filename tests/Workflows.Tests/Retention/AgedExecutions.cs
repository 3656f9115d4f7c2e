using System.Text.Json;
using Conductor.Postgres.Supervision;
using Conductor.Postgres.Workflows;
using Conductor.Postgres.Workflows.Retention;
using Conductor.Workflows.Retention;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Conductor.Workflows.Tests.Retention;

/// <summary>Executions that ended long ago, and what removes them, on the shared service.</summary>
internal static class AgedExecutions
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static T Part<T>(this WorkflowsServer server)
        where T : notnull => server.Services.GetRequiredService<T>();

    /// <summary>A removal with settings of its own; without pauses.</summary>
    public static ExecutionRetention Retention(this WorkflowsServer server, int batch = 200, bool archives = true, bool isOn = true)
    {
        var options = server.Part<RetentionOptions>() with { Enabled = isOn, BatchSize = batch, Pause = TimeSpan.Zero };
        if (!archives) options = options with { Folder = "" };
        return new ExecutionRetention(
            server.Part<EndedExecutions>(), server.Part<DefinitionTables>(), server.Part<ExecutionArchive>(), options, server.Part<ExecutionRemovals>(),
            server.Part<BackgroundLoops>(), server.Part<TimeProvider>(), NullLogger<ExecutionRetention>.Instance);
    }

    /// <summary>Removes until nothing is due.</summary>
    public static async Task<int> AllAsync(this ExecutionRetention retention)
    {
        int total = 0, went;
        do total += went = await retention.RoundAsync(Stop);
        while (went > 0);
        return total;
    }

    /// <summary>Executions of one task, with a line in its log, that have ended. Returns their ids in the order of their end.</summary>
    public static async Task<List<string>> EndAsync(this HttpClient client, string name, int count, int? retentionDays = null)
    {
        await client.RegisterAsync(name, retentionDays);
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add(await client.StartAsync(Uri.EscapeDataString(name), new { v = i }));
            var task = await client.PollOneAsync(Uri.EscapeDataString(name + "_a"));
            await client.JsonAsync(HttpMethod.Post, $"/api/tasks/{task.GetProperty("taskId").GetString()}/log", $"line {i}");
            (await client.TextAsync(HttpMethod.Post, "/api/tasks", Calls.Result(task, "COMPLETED", new { v = i }))).Status.ShouldBe(200);
        }
        return ids;
    }

    /// <summary>Registers a definition of one task <c>NAME_a</c>.</summary>
    public static async Task RegisterAsync(this HttpClient client, string name, int? retentionDays = null, int version = 1)
    {
        if (version == 1) await client.RegisterSequenceAsync(name, name + "_a");
        if (retentionDays is not { } days) return;
        var definition = await client.JsonAsync(HttpMethod.Get, $"/api/metadata/workflow/{name}?version=1");
        var fields = definition.EnumerateObject().ToDictionary(p => p.Name, p => p.Value);
        (fields["retentionDays"], fields["version"]) = (JsonElement.Parse($"{days}"), JsonElement.Parse($"{version}"));
        await client.JsonAsync(HttpMethod.Put, "/api/metadata/workflow", new[] { fields });
    }

    /// <summary>Makes all executions of a definition have ended so long ago.</summary>
    public static Task AgeAsync(this WorkflowsServer server, string name, double days) =>
        server.ExecuteAsync("UPDATE workflows.ended SET ended_at = ended_at - $2 WHERE name = $1", name, TimeSpan.FromDays(days));

    public static async Task ExecuteAsync(this WorkflowsServer server, string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(server.Database);
        await using var command = Command(source, sql, values);
        await command.ExecuteNonQueryAsync(Stop);
    }

    public static Task<long> CountAsync(this WorkflowsServer server, string sql, params object[] values) => server.ReadAsync<long>(sql, values);

    public static async Task<T> ReadAsync<T>(this WorkflowsServer server, string sql, params object[] values)
    {
        await using var source = NpgsqlDataSource.Create(server.Database);
        await using var command = Command(source, sql, values);
        return (T)(await command.ExecuteScalarAsync(Stop))!;
    }

    /// <summary>Which of the executions are in the database.</summary>
    public static async Task<List<string>> StoredAsync(this HttpClient client, IEnumerable<string> ids)
    {
        var stored = new List<string>();
        foreach (var id in ids)
            if ((await client.TextAsync(HttpMethod.Get, $"/api/workflow/{id}")).Status == 200) stored.Add(id);
        return stored;
    }

    /// <summary>An execution in the archive. Its day may be before that of its id: it was made older than it is.</summary>
    public static Task<JsonElement> ArchivedAsync(this HttpClient client, string id) =>
        client.JsonAsync(HttpMethod.Get, $"/api/archive/{id}?day=2020-01-01");

    /// <summary>The ids of what the archive exports of a definition, over all days, in order.</summary>
    public static async Task<List<string>> ExportedAsync(this HttpClient client, string name)
    {
        var list = await client.JsonAsync(HttpMethod.Get, "/api/archive?size=1000");
        var ids = new List<string>();
        foreach (var day in list.GetProperty("results").EnumerateArray().Where(d => d.GetProperty("workflowName").GetString() == name).Reverse())
        {
            var (status, text) = await client.TextAsync(HttpMethod.Get, $"/api/archive/export?day={day.GetProperty("day").GetString()}&name={name}");
            status.ShouldBe(200, text);
            ids.AddRange(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonElement.Parse(l).GetProperty("workflowId").GetString()!));
        }
        return ids;
    }

    private static NpgsqlCommand Command(NpgsqlDataSource source, string sql, object[] values)
    {
        var command = source.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
