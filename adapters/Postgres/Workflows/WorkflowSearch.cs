using Conductor.Domain.Workflows.Executions;
using Npgsql;

namespace Conductor.Postgres.Workflows;

/// <summary>How many executions have a status.</summary>
/// <param name="Status">Conductor's name of it.</param>
/// <param name="Count">The number, or <see cref="WorkflowSearch.MostCounted"/>.</param>
/// <param name="IsCapped">There are more.</param>
public sealed record StatusCount(string Status, long Count, bool IsCapped);

/// <summary>Finds executions for people and APIs, outside of any saga's transaction. What it costs does not grow with their number.</summary>
public sealed class WorkflowSearch(NpgsqlDataSource source)
{
    /// <summary>So many are counted, and of more it is said that there are more.</summary>
    public const int MostCounted = 10_000;

    /// <summary>In so many, the newest that fit the rest of a filter, text is looked for.</summary>
    public const int TextWindow = 10_000;

    private static readonly string[] Statuses = [.. Enum.GetValues<WorkflowStatus>().Select(status => status.Name())];

    /// <summary>A page of executions and how many there are in all.</summary>
    public async Task<FoundPage> SearchAsync(WorkflowFilter asked, PageRequest page, CancellationToken cancellationToken)
    {
        if (await NamePattern.ResolveAsync(source, asked, cancellationToken) is not { } filter) return new(0, IsCapped: false, [], Next: null, Previous: null);
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(SearchSql.Count(filter, MostCounted + 1));
        batch.BatchCommands.Add(SearchSql.Page(filter, ExecutionRows.Columns, page));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var total = await CountAsync(row, cancellationToken);
        var found = new List<(StoredExecution Execution, ListPlace Place)>();
        var isMore = false;
        while (!isMore && await row.ReadAsync(cancellationToken))
        {
            isMore = found.Count == page.Size;
            if (!isMore) found.Add((ExecutionRows.Read(row), ExecutionRows.Place(row)));
        }
        if (page.Before) found.Reverse();
        var isFirst = page.Before ? !isMore : page is { Start: 0, Place: null };
        return new(
            Math.Min(total, MostCounted), total > MostCounted, [.. found.Select(f => f.Execution)],
            Next: found.Count > 0 && (isMore || page.Before) ? found[^1].Place : null, Previous: found.Count > 0 && !isFirst ? found[0].Place : null);
    }

    /// <summary>The first of a list, without their number.</summary>
    public async Task<IReadOnlyList<StoredExecution>> ListAsync(WorkflowFilter filter, int most, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(SearchSql.Page(filter, ExecutionRows.Columns, new PageRequest(most)));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var found = new List<StoredExecution>();
        while (found.Count < most && await row.ReadAsync(cancellationToken)) found.Add(ExecutionRows.Read(row));
        return found;
    }

    /// <summary>The ids of the first of a list, and nothing else of them.</summary>
    public async Task<IReadOnlyList<Guid>> IdsAsync(WorkflowFilter filter, int most, CancellationToken cancellationToken)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(SearchSql.Ids(filter, most));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await row.ReadAsync(cancellationToken)) ids.Add(row.GetGuid(0));
        return ids;
    }

    /// <summary>
    /// How many of a filter's executions there are in each status, whatever statuses it names itself. A text is counted in the newest
    /// <see cref="TextWindow"/> of all statuses together.
    /// </summary>
    public async Task<IReadOnlyList<StatusCount>> CountAsync(WorkflowFilter asked, CancellationToken cancellationToken)
    {
        if (await NamePattern.ResolveAsync(source, asked, cancellationToken) is not { } filter) return [.. Statuses.Select(status => Count(status, 0))];
        await using var batch = source.CreateBatch();
        if (!string.IsNullOrEmpty(filter.Text)) return await CountTextAsync(batch, filter, cancellationToken);
        foreach (var status in Statuses) batch.BatchCommands.Add(SearchSql.Count(filter with { Statuses = [status] }, MostCounted + 1));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var counts = new List<StatusCount>();
        foreach (var status in Statuses) counts.Add(Count(status, await CountAsync(row, cancellationToken)));
        return counts;
    }

    private static async Task<IReadOnlyList<StatusCount>> CountTextAsync(NpgsqlBatch batch, WorkflowFilter filter, CancellationToken cancellationToken)
    {
        batch.BatchCommands.Add(SearchSql.CountText(filter));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<string, long>();
        while (await row.ReadAsync(cancellationToken)) counts[row.GetString(0)] = row.GetInt64(1);
        return [.. Statuses.Select(status => Count(status, counts.GetValueOrDefault(status)))];
    }

    private static StatusCount Count(string status, long count) => new(status, Math.Min(count, MostCounted), count > MostCounted);

    private static async Task<long> CountAsync(NpgsqlDataReader row, CancellationToken cancellationToken)
    {
        await row.ReadAsync(cancellationToken);
        var count = row.GetInt64(0);
        await row.NextResultAsync(cancellationToken);
        return count;
    }
}
