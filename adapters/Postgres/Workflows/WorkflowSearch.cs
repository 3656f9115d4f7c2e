using System.Text.Json;
using Conductor.Domain.Workflows.Executions;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Workflows;

/// <summary>What to search executions for; null and empty mean anything.</summary>
public sealed record WorkflowFilter
{
    /// <summary>Definition names; a trailing <c>*</c> stands for any rest.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];
    /// <summary>Statuses by Conductor's names.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];
    /// <summary>Ids.</summary>
    public IReadOnlyList<Guid> Ids { get; init; } = [];
    /// <summary>Correlation ids.</summary>
    public IReadOnlyList<string> CorrelationIds { get; init; } = [];
    /// <summary>Version of the definition.</summary>
    public int? Version { get; init; }
    /// <summary>Created at or after.</summary>
    public DateTimeOffset? From { get; init; }
    /// <summary>Created before.</summary>
    public DateTimeOffset? To { get; init; }
    /// <summary>Text that the input, output, reason, name, id or correlation id contains.</summary>
    public string? Text { get; init; }
    /// <summary>Oldest first instead of newest first.</summary>
    public bool OldestFirst { get; init; }
}

/// <summary>An execution with its payloads.</summary>
public sealed record StoredExecution(WorkflowInstance Instance, JsonElement Input, JsonElement Output);

/// <summary>Reads executions for people and APIs, outside of any saga's transaction.</summary>
public sealed class WorkflowSearch(NpgsqlDataSource source)
{
    internal const string Columns = """
        i.state, i.input, i.output, i.id, i.name, i.version, i.definition_hash, i.status, i.correlation_id, i.priority, i.created_at, i.updated_at, i.ended_at
        """;

    // Payloads are searched as bytes: one that is not UTF-8 would fail the search of all others.
    private const string Where = """
        WHERE ($1::text[] = '{}' OR i.name LIKE ANY ($1)) AND ($2::text[] = '{}' OR i.status = ANY ($2)) AND ($3::uuid[] = '{}' OR i.id = ANY ($3))
          AND ($4::text[] = '{}' OR i.correlation_id = ANY ($4)) AND ($5::integer IS NULL OR i.version = $5)
          AND ($6::timestamptz IS NULL OR i.created_at >= $6) AND ($7::timestamptz IS NULL OR i.created_at < $7)
          AND ($8::text IS NULL OR strpos(coalesce(i.reason, '') || i.name || i.id::text || coalesce(i.correlation_id, ''), $8) > 0
              OR position(convert_to($8, 'UTF8') IN i.input) > 0 OR position(convert_to($8, 'UTF8') IN i.output) > 0)
        """;

    /// <summary>One execution, or null.</summary>
    public async Task<StoredExecution?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var command = source.Command($"SELECT {Columns} FROM workflows.executions i WHERE i.id = $1", id);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? Show(row) : null;
    }

    /// <summary>A page of executions and how many there are in all.</summary>
    public async Task<(long Total, IReadOnlyList<StoredExecution> Page)> SearchAsync(
        WorkflowFilter filter, int start, int size, CancellationToken cancellationToken)
    {
        var direction = filter.OldestFirst ? "ASC" : "DESC";
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(Filtered("SELECT count(*) FROM workflows.executions i " + Where, filter));
        var page = Filtered(
            $"SELECT {Columns} FROM workflows.executions i {Where} ORDER BY i.created_at {direction}, i.id {direction} OFFSET $9 LIMIT $10",
            filter);
        page.Parameters.Add(new NpgsqlParameter { Value = start });
        page.Parameters.Add(new NpgsqlParameter { Value = size });
        batch.BatchCommands.Add(page);
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var total = row.GetInt64(0);
        await row.NextResultAsync(cancellationToken);
        var found = new List<StoredExecution>();
        while (await row.ReadAsync(cancellationToken)) found.Add(Show(row));
        return (total, found);
    }

    /// <summary>How many executions there are by status.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountAsync(CancellationToken cancellationToken)
    {
        await using var command = source.Command("SELECT status, count(*) FROM workflows.executions GROUP BY status");
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var counts = new Dictionary<string, long>();
        while (await row.ReadAsync(cancellationToken)) counts[row.GetString(0)] = row.GetInt64(1);
        return counts;
    }

    /// <summary>An execution from the row of a statement that selects <see cref="Columns"/>.</summary>
    internal static StoredExecution Read(NpgsqlDataReader row) => new(
        InstanceJson.Read(row.GetFieldValue<byte[]>(0)), Payload.Read(row.GetFieldValue<byte[]>(1)),
        row.IsDBNull(2) ? Payload.EmptyObject : Payload.Read(row.GetFieldValue<byte[]>(2)));

    // A row that cannot be read is shown as such: it must not keep the others of a list from whoever asks.
    private static StoredExecution Show(NpgsqlDataReader row)
    {
        try
        {
            return Read(row);
        }
        catch (Exception e) when (Unreadable.Is(e))
        {
            return new(Shown(row, e), Payload.EmptyObject, Payload.EmptyObject);
        }
    }

    private static WorkflowInstance Shown(NpgsqlDataReader row, Exception why) => new()
    {
        WorkflowId = row.GetGuid(3),
        Name = row.GetString(4),
        Version = row.GetInt32(5),
        DefinitionHash = row.GetString(6),
        Status = Enum.GetValues<WorkflowStatus>().First(status => status.Name() == row.GetString(7)),
        CorrelationId = row.IsDBNull(8) ? null : row.GetString(8),
        Priority = row.GetInt32(9),
        CreateTime = row.GetFieldValue<DateTimeOffset>(10),
        UpdateTime = row.GetFieldValue<DateTimeOffset>(11),
        EndTime = row.IsDBNull(12) ? null : row.GetFieldValue<DateTimeOffset>(12),
        Variables = Payload.EmptyObject,
        Reason = Unreadable.Reason("execution", why),
    };

    private static NpgsqlBatchCommand Filtered(string sql, WorkflowFilter filter)
    {
        var command = new NpgsqlBatchCommand(sql);
        void Add(NpgsqlDbType type, object? value) => command.Parameters.Add(new() { NpgsqlDbType = type, Value = value ?? DBNull.Value });
        Add(NpgsqlDbType.Array | NpgsqlDbType.Text, filter.Names.Select(Pattern).ToArray());
        Add(NpgsqlDbType.Array | NpgsqlDbType.Text, filter.Statuses.ToArray());
        Add(NpgsqlDbType.Array | NpgsqlDbType.Uuid, filter.Ids.ToArray());
        Add(NpgsqlDbType.Array | NpgsqlDbType.Text, filter.CorrelationIds.ToArray());
        Add(NpgsqlDbType.Integer, filter.Version);
        Add(NpgsqlDbType.TimestampTz, filter.From);
        Add(NpgsqlDbType.TimestampTz, filter.To);
        Add(NpgsqlDbType.Text, string.IsNullOrEmpty(filter.Text) ? null : filter.Text);
        return command;
    }

    // LIKE's own wildcards in a name are taken literally; Conductor's * is the only one.
    private static string Pattern(string name) =>
        name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
            .Replace("_", "\\_", StringComparison.Ordinal).Replace('*', '%');
}
