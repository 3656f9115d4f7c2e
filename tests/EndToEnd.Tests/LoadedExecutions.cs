using Npgsql;

namespace Conductor.EndToEnd.Tests;

/// <summary>What a platform's database knows of the executions of a definition.</summary>
internal sealed class LoadedExecutions(Platform platform, string name) : IAsyncDisposable
{
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(platform.Database("workflows"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Waits until none is under way.</summary>
    public Task WaitForEndAsync(int seconds) =>
        Eventually.BecomesAsync(() => ReadAsync<long>(All + " AND status = 'RUNNING'"), running => running == 0, seconds);

    /// <summary>How many there are.</summary>
    public Task<long> CountAsync() => ReadAsync<long>(All);

    /// <summary>Steps of which two attempts succeeded.</summary>
    public Task<long> SucceededTwiceAsync() => ReadAsync<long>(Twice);

    /// <summary>The first column of the first row; <c>$1</c> is the name.</summary>
    public async Task<T> ReadAsync<T>(string sql, params object[] parameters)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var value in parameters.Prepend(name)) command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync(Stop))!;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private const string All = "SELECT count(*) FROM workflows.executions WHERE name = $1";

    private const string Twice = """
        SELECT count(*) FROM (SELECT t.workflow_id, t.ref FROM workflows.tasks t JOIN workflows.executions i ON i.id = t.workflow_id
            WHERE i.name = $1 AND t.status = 'COMPLETED' GROUP BY 1, 2 HAVING count(*) > 1) twice
        """;
}
