using Conductor.Postgres.Sagas.GroupCommit;
using Npgsql;
using NpgsqlTypes;

namespace Conductor.Postgres.Tests.Sagas.GroupCommit;

/// <summary>A store in plain SQL: one statement to load a batch, one each to insert, update and delete.</summary>
public sealed class TallyStore : ISagaBatchStore<TallyState>
{
    private const string Columns = "\"CorrelationId\", \"CurrentState\", \"Name\", \"Total\", \"LastSequence\", \"OutOfOrder\"";

    public async Task<IReadOnlyDictionary<Guid, TallyState>> LoadAsync(
        BatchTransaction transaction, IReadOnlyList<SagaMessage> messages, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {Columns} FROM tallies WHERE \"CorrelationId\" = ANY($1)", await transaction.BegunAsync())
        {
            Parameters = { new() { Value = messages.Select(x => x.SagaId).Distinct().ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new Dictionary<Guid, TallyState>();
        while (await reader.ReadAsync(cancellationToken)) found[reader.GetGuid(0)] = Read(reader);
        return found;
    }

    public Task<IBatchOutcome?> SaveAsync(BatchTransaction transaction, IReadOnlyList<SagaChange<TallyState>> changes, CancellationToken cancellationToken)
    {
        var commands = transaction.Statements;
        TallyState[] inserted = [.. changes.Where(x => x is { IsNew: true, IsCompleted: false }).Select(x => x.Saga)];
        TallyState[] updated = [.. changes.Where(x => x is { IsNew: false, IsCompleted: false }).Select(x => x.Saga)];
        Guid[] deleted = [.. changes.Where(x => x is { IsNew: false, IsCompleted: true }).Select(x => x.Saga.CorrelationId)];
        if (inserted.Length > 0) Add(commands, $"INSERT INTO tallies ({Columns}) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)", inserted);
        if (updated.Length > 0)
            Add(commands, """
                UPDATE tallies SET "CurrentState" = v.s, "Name" = v.n, "Total" = v.t, "LastSequence" = v.l, "OutOfOrder" = v.o
                FROM unnest($1, $2, $3, $4, $5, $6) AS v(id, s, n, t, l, o) WHERE "CorrelationId" = v.id
                """, updated);
        if (deleted.Length > 0)
            commands.BatchCommands.Add(new("DELETE FROM tallies WHERE \"CorrelationId\" = ANY($1)") { Parameters = { new() { Value = deleted } } });
        return Task.FromResult<IBatchOutcome?>(null);
    }

    private static TallyState Read(NpgsqlDataReader reader) => new()
    {
        CorrelationId = reader.GetGuid(0),
        CurrentState = reader.GetString(1),
        Name = reader.IsDBNull(2) ? null : reader.GetString(2),
        Total = reader.GetInt32(3),
        LastSequence = reader.GetInt32(4),
        OutOfOrder = reader.GetBoolean(5),
    };

    private static void Add(NpgsqlBatch commands, string sql, TallyState[] rows) => commands.BatchCommands.Add(new(sql)
    {
        Parameters =
        {
            new() { Value = rows.Select(x => x.CorrelationId).ToArray() },
            new() { Value = rows.Select(x => x.CurrentState).ToArray() },
            new() { Value = rows.Select(x => x.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = rows.Select(x => x.Total).ToArray() },
            new() { Value = rows.Select(x => x.LastSequence).ToArray() },
            new() { Value = rows.Select(x => x.OutOfOrder).ToArray() },
        },
    });
}
