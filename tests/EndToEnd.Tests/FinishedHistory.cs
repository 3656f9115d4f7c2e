using System.Net.Http.Json;
using Npgsql;

namespace Conductor.EndToEnd.Tests;

/// <summary>Fills a platform's database with copies of an execution of five tasks that it has carried out.</summary>
internal sealed class FinishedHistory(Platform platform)
{
    public const string Name = "history_template";
    private const string Owner = "history@example.com";
    private const long AtOnce = 10_000;
    // The names that copies get.
    private static readonly string[] Copies = [.. Enumerable.Range(0, 4).Select(i => $"history_{i}")];
    private static readonly string[] Tasks = [.. Enumerable.Range(0, 5).Select(i => $"{Name}_{i}")];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async Task FillAsync(long count)
    {
        var template = await RunAsync();
        await using var source = NpgsqlDataSource.Create(platform.Database("workflows") + ";Command Timeout=3600;Options=-c synchronous_commit=off");
        for (var first = 1L; first <= count; first += AtOnce)
        {
            await using var command = source.CreateCommand(CopiedExecutions.Ended);
            foreach (var value in new object[] { template, first, Math.Min(count, first + AtOnce - 1), count }) command.Parameters.Add(new() { Value = value });
            await command.ExecuteNonQueryAsync(Stop);
            if ((first - 1) % 100_000 == 0) Console.WriteLine($"{first - 1:N0} of {count:N0} executions are there");
        }
    }

    /// <summary>Leaves the database as its own housekeeping does; else that would go on beside what is measured.</summary>
    public async Task TidyAsync()
    {
        await using var source = NpgsqlDataSource.Create(platform.Database("workflows") + ";Command Timeout=3600");
        foreach (var sql in new[] { "VACUUM ANALYZE", "CHECKPOINT" }) await source.CreateCommand(sql).ExecuteNonQueryAsync(Stop);
    }

    /// <summary>How much the database takes.</summary>
    public async Task<string> SizeAsync()
    {
        await using var source = NpgsqlDataSource.Create(platform.Database("workflows"));
        return (string)(await source.CreateCommand("SELECT pg_size_pretty(pg_database_size(current_database()))").ExecuteScalarAsync(Stop))!;
    }

    /// <summary>How many copies there are.</summary>
    public async Task<long> CountAsync()
    {
        await using var source = NpgsqlDataSource.Create(platform.Database("workflows"));
        await using var command = source.CreateCommand("SELECT count(*) FROM workflows.ended WHERE name = ANY($1)");
        command.Parameters.Add(new() { Value = Copies });
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    /// <summary>Lets retention remove them from now on.</summary>
    public async Task ExpireAsync()
    {
        using var client = new HttpClient { BaseAddress = platform.Workflows };
        foreach (var name in Copies) await DefineAsync(client, name, retentionDays: 0);
    }

    private async Task<Guid> RunAsync()
    {
        using var client = new HttpClient { BaseAddress = platform.Workflows };
        using var tasks = await client.PostAsJsonAsync("api/metadata/taskdefs", Tasks.Select(name => new { name, ownerEmail = Owner }), Stop);
        tasks.EnsureSuccessStatusCode();
        await DefineAsync(client, Name, retentionDays: 30);
        using var start = await client.PostAsJsonAsync($"api/workflow/{Name}", new { value = 1 }, Stop);
        var id = await start.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Stop);
        foreach (var task in Tasks)
        {
            using var answer = await client.PostAsJsonAsync($"api/tasks/{id}/{task}/COMPLETED", new { value = 1 }, Stop);
            answer.EnsureSuccessStatusCode();
        }
        return Guid.Parse(id);
    }

    private static async Task DefineAsync(HttpClient client, string workflow, int retentionDays)
    {
        using var definition = await client.PutAsJsonAsync("api/metadata/workflow", new[]
        {
            new
            {
                name = workflow, version = 1, schemaVersion = 2, ownerEmail = Owner, timeoutSeconds = 0, retentionDays,
                tasks = Tasks.Select(name => new
                {
                    name, taskReferenceName = name, type = "SIMPLE", inputParameters = new { value = "${workflow.input.value}" },
                }),
                outputParameters = new { value = "${workflow.input.value}" },
            },
        }, Stop);
        definition.EnsureSuccessStatusCode();
    }
}
