using Conductor.Domain.Workflows.Limits;
using Npgsql;

namespace Conductor.Postgres;

/// <summary>Statements with positional parameters.</summary>
internal static class Statements
{
    public static NpgsqlCommand Command(this NpgsqlDataSource source, string sql, params ReadOnlySpan<object?> values)
    {
        var command = source.CreateCommand(sql);
        Add(command.Parameters, values);
        return command;
    }

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        Add(command.Parameters, values);
        return command;
    }

    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        Add(command.Parameters, values);
        batch.BatchCommands.Add(command);
    }

    /// <summary>All rows of the answer.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(this NpgsqlCommand command, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }

    private static void Add(NpgsqlParameterCollection parameters, ReadOnlySpan<object?> values)
    {
        foreach (var value in values) parameters.Add(new NpgsqlParameter { Value = Storable(value) ?? DBNull.Value });
    }

    /// <summary>A text with U+FFFD in place of what PostgreSQL does not take. What users enter is refused where it enters; this is for the rest.</summary>
    public static string? Storable(string? text) => text is null ? null : TextLimits.Fitted(text, int.MaxValue);

    private static object? Storable(object? value) => value switch
    {
        string text => Storable(text),
        string?[] texts => Array.ConvertAll(texts, Storable),
        _ => value,
    };
}
